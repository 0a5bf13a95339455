/** Activity files to measure with: the shared recordings where they are, else files written here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import FitParser from 'fit-file-parser';
import { FitEncoder } from 'fit-file-parser/encoder';

const SHARED = fileURLToPath(new URL('../../../shared/data/fit/', import.meta.url));
const FIT_EPOCH_S = 631_065_600;

/** An hour of one record a second, as a watch writes it. */
function writtenRun(seed) {
  const encoder = new FitEncoder();
  const startS = 1_746_000_000 + seed * 100_000 - FIT_EPOCH_S;
  encoder.writeMessage(0, [
    field(0, 1, 'enum', 4),
    field(1, 2, 'uint16', 255),
    field(3, 4, 'uint32z', 77 + seed),
    field(4, 4, 'uint32', startS),
  ]);
  for (let second = 0; second < 3_600; second++) {
    encoder.writeMessage(20, [
      field(253, 4, 'uint32', startS + second),
      field(0, 4, 'sint32', 560_000_000 + second * 300),
      field(1, 4, 'sint32', 100_000_000 + second * 200),
      field(3, 1, 'uint8', 140 + (second % 20)),
      field(4, 1, 'uint8', 84 + (second % 4)),
      field(5, 4, 'uint32', second * 280),
      field(6, 2, 'uint16', 2_800),
    ]);
  }
  return encoder.close();
}

function field(number, size, type, value) {
  return { number, size, type, value };
}

/** The recordings, or runs written here. */
export function fitFiles() {
  return existsSync(SHARED)
    ? readdirSync(SHARED)
        .filter((name) => name.endsWith('.fit'))
        .map((name) => ({ name, bytes: readFileSync(SHARED + name) }))
    : [0, 1, 2, 3].map((seed) => ({ name: `written-${seed}.fit`, bytes: Buffer.from(writtenRun(seed)) }));
}

/** Files both readers can read, so that both do the same work. */
export async function readableRecordings() {
  const readable = [];
  for (const file of fitFiles()) {
    const records = await libraryRecords(file.bytes).catch(() => 0);
    if (records > 0) readable.push({ ...file, records });
  }
  return readable;
}

/** Records the library finds in a file, reading it the way its documentation says. */
export async function libraryRecords(bytes) {
  const parsed = await new FitParser({ mode: 'list', force: false }).parseAsync(bytes);
  return parsed.records?.length ?? 0;
}
