/** Several files in work at once, their rows in the order the files were given. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImportRow, ImportService } from '@coach-hub/core';
import { storyOf } from '../command/failure.ts';
import { unreadableRow } from './unreadable-row.ts';

export interface ImportInput {
  athleteId: string;
  timeZone: string | null;
  /** Paths as given; they come back in the rows. */
  files: readonly string[];
  /** Files in work at a time. */
  inFlight: number;
}

/** Waits before a file is tried again while another process holds the database, ms. */
const RETRY_AFTER_MS = [200, 1_000, 3_000];

/** Yields the rows of one file after the other. Once `stop` is aborted no further file is begun. */
export async function* importFiles(
  importer: Pick<ImportService, 'importFile'>,
  { athleteId, timeZone, files, inFlight }: ImportInput,
  stop: AbortSignal,
): AsyncGenerator<ImportRow[]> {
  const running: Promise<ImportRow[]>[] = [];
  /** Last work on each content: one file given twice is a file and its duplicate, never two at the same moment. */
  const byContent = new Map<string, Promise<unknown>>();
  let next = 0;
  /** Files are taken on in the order given, whichever is read first. */
  let order: Promise<unknown> = Promise.resolve();

  function importOne(path: string): Promise<ImportRow[]> {
    const reading = readFile(path).then(
      (bytes) => ({ bytes, error: null }),
      (error: unknown) => ({ bytes: null, error }),
    );
    const takenOn = order
      .then(() => reading)
      // In an object, so that the next file waits for this one to be taken on and not for its rows.
      .then(({ bytes, error }) => ({ rows: bytes === null ? [unreadableRow(path, error)] : takeIn(path, bytes) }));
    order = takenOn;
    return takenOn.then(({ rows }) => rows);
  }

  async function takeIn(path: string, bytes: Uint8Array): Promise<ImportRow[]> {
    const content = createHash('sha256').update(bytes).digest('hex');
    // Where the file lay on this machine is nobody's business later on; its name goes with it.
    const input = { athleteId, fileName: basename(path), bytes, timeZone };
    const before = byContent.get(content) ?? Promise.resolve();
    const rows = before.then(() => withRetry(() => importer.importFile(input), path));
    byContent.set(
      content,
      rows.catch(() => undefined),
    );
    return (await rows).map((row) => ({ ...row, file: path }));
  }

  const begin = () => {
    while (running.length < inFlight && next < files.length && !stop.aborted) {
      const rows = importOne(files[next++] ?? '');
      rows.catch(() => undefined); // reported when its turn comes
      running.push(rows);
    }
  };
  for (begin(); running.length > 0; begin()) yield (await running.shift()) ?? [];
}

/** Import is safe to repeat, so what may pass by itself is waited out; what does not becomes the row of this file. */
async function withRetry(work: () => Promise<ImportRow[]>, path: string): Promise<ImportRow[]> {
  for (const waitMs of [...RETRY_AFTER_MS, null]) {
    try {
      return await work();
    } catch (error) {
      if (storyOf(error) === null) throw error;
      if (waitMs === null) return [unreadableRow(path, error)];
      await pause(waitMs);
    }
  }
  return [];
}
