/**
 * Our reader against an independent one, value by value: every record column of every recording, then of copies with
 * flipped bits, as far as the other one reads them. FIT_COPIES=20000 flips more of them, FIT_SEED=7 others.
 */
import FitParser from 'fit-file-parser';
import { expect, it } from 'vitest';
import { describeWithRecordings, fitRecordings, recording } from '../recordings.test-support.ts';
import { activityFromFit } from './activity-from-fit.ts';
import { isAmbiguous } from './ambiguous-file.test-support.ts';
import { fitCrc } from './crc.ts';
import { readFitByLibrary } from './fallback-reader.ts';
import type { FieldDescription, FitMessages, FitRecords } from './fit-messages.ts';
import { fitToUnixMs } from './fit-time.ts';
import { splitParts } from './parts.ts';
import { RECORD } from './profile.ts';
import { readFit } from './read-fit.ts';
import { seededRandom } from './seeded-random.test-support.ts';

/** The library refuses this one whole, because its data stops making sense half way; it reads what stands before. */
const DAMAGED = 'fit/run-strava-android-corrupt-tail.fit';
const SEED = Number(process.env.FIT_SEED ?? 20_260_514);
const FLIPPED_COPIES = Number(process.env.FIT_COPIES ?? 2_000);
/** The beginning of a recording is as varied as the whole: definitions, developer fields, the first records. */
const EXCERPT_BYTES = 1_500;

type LibraryRecord = Readonly<Record<string, unknown>>;

/** Records as the library gives them, part by part; it makes one more of half a message at the end of a cut file. */
function libraryRecords(bytes: Uint8Array): LibraryRecord[] {
  return splitParts(bytes).parts.flatMap(({ start, dataEnd, crc }) => {
    let records: LibraryRecord[] = [];
    const part = Buffer.from(new Uint8Array(bytes.subarray(start, dataEnd + 2)).buffer);
    new FitParser({ force: true, mode: 'list' }).parse(part, (_error, parsed) => {
      records = (parsed?.records ?? []) as unknown as LibraryRecord[];
    });
    return crc === 'ok' ? records : records.slice(0, -1);
  });
}

/** How many values were compared; throws at the first that differs. */
function compareRecords(ours: FitRecords, theirs: readonly LibraryRecord[]): number {
  expect(ours.count).toBe(theirs.length);
  let compared = 0;
  for (const { name } of RECORD.numbers.values()) {
    const column = ours.columns[name];
    for (let row = 0; row < theirs.length; row++) {
      const their = theirs[row]![name];
      const our = column?.[row] ?? Number.NaN;
      if (Number.isNaN(our) ? their !== undefined : their !== our) expect({ name, row, value: our }).toEqual(their);
      if (their !== undefined) compared++;
    }
  }
  for (let row = 0; row < theirs.length; row++) {
    const their = theirs[row]!.timestamp;
    if (their instanceof Date && their.getTime() === fitToUnixMs(ours.timestamp[row]!)) compared++;
    else expect({ row, timestamp: ours.timestamp[row] }).toEqual(their);
  }
  return compared;
}

describeWithRecordings('our reader beside an independent one', () => {
  const compared: Record<string, number> = {};

  it.each(fitRecordings().filter((path) => path !== DAMAGED))('%s: no record value differs', (path) => {
    const bytes = recording(path);
    compared[path] = compareRecords(readFit(bytes).records, libraryRecords(bytes));
  });

  it.each(fitRecordings().filter((path) => path !== DAMAGED))(
    '%s: sessions, laps and developer columns agree as well',
    (path) => {
      const [ours, theirs] = [readFit(recording(path)), readFitByLibrary(recording(path))];
      expect(comparable(ours)).toEqual(comparable(theirs));
      compared[`${path} (developer fields)`] = compareDeveloperColumns(ours, theirs);
      // In a file that is cut the library stops at its end, ours at the message that has no end.
      const isWhole = ours.parts.every(({ crc }) => crc === 'ok');
      if (isWhole) expect(withoutColumns(activityFromFit(ours))).toEqual(withoutColumns(activityFromFit(theirs)));
    },
  );

  it(`${DAMAGED}: no record value before the damage differs`, () => {
    const bytes = recording(DAMAGED);
    const ours = readFit(bytes);
    const sound = untilDamage(bytes);
    expect(ours.records.count).toBe(473);
    compared[DAMAGED] = compareRecords(ours.records, libraryRecords(sound));
    expect(comparable(ours)).toEqual(comparable(readFitByLibrary(sound)));
  });

  it('compared more than half a million values', () => {
    const total = Object.values(compared).reduce((sum, count) => sum + count, 0);
    console.info(`differential: ${total} values of the recordings compared, 0 different`);
    expect(total).toBeGreaterThan(500_000);
  });

  it(`agrees on ${FLIPPED_COPIES} copies with flipped bits wherever the other one reads on (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const excerpts = fitRecordings()
      .map((path) => untilDamage(recording(path).slice(0, EXCERPT_BYTES)))
      .filter((excerpt) => readFit(excerpt).records.count > 0);
    let values = 0;
    let refused = 0;
    let ambiguous = 0;
    for (let round = 0; round < FLIPPED_COPIES; round++) {
      const copy = excerpts[Math.floor(random() * excerpts.length)]!.slice();
      for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips--) {
        copy[Math.floor(random() * copy.length)]! ^= 1 << Math.floor(random() * 8);
      }
      const ours = readFit(copy);
      const theirs = readFitByLibrary(copy);
      if (theirs.parts.some(({ stop }) => stop !== null)) refused++;
      else if (ours.parts.some((part) => isAmbiguous(copy, part))) ambiguous++;
      else values += compareCommonValues(ours, theirs);
    }
    const counted = `${values} values compared, 0 different; ${refused} copies refused, ${ambiguous} ambiguous`;
    console.info(`differential, ${FLIPPED_COPIES} flipped copies (seed ${SEED}): ${counted}`);
    expect(excerpts.length).toBeGreaterThan(15);
    expect(refused + ambiguous).toBeLessThan(FLIPPED_COPIES / 4);
    expect(values).toBeGreaterThan(FLIPPED_COPIES * 100);
  }, 120_000);
});

/** A sound file of the messages up to where our reader stops: the header says how long it is, the CRC is right. */
function untilDamage(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const [part] = readFit(bytes).parts;
  if (part === undefined) return new Uint8Array();
  const end = part.stop?.atByte ?? part.dataEnd;
  const sound = new Uint8Array(end + 2);
  sound.set(bytes.subarray(part.start, end));
  const view = new DataView(sound.buffer);
  view.setUint32(4, end - part.dataStart, true);
  view.setUint16(end, fitCrc(sound, 0, end), true);
  return sound;
}

/** What is left once the columns, which were compared one by one, are out. */
function withoutColumns(decoded: ReturnType<typeof activityFromFit>): object {
  if (!('sessions' in decoded)) return decoded;
  const sessions = decoded.sessions.map(({ columns, ...figures }) => ({ ...figures, channels: Object.keys(columns) }));
  return { ...decoded, sessions };
}

/** Event numbers and device types are names there and only partly numbers here; the rest must be the same. */
function comparable(messages: FitMessages): object {
  const { fileIds, sports, sessions, laps, activities, lengths, hr, beatIntervalsS } = messages;
  // The library names the native message, and one app names some that have no such fields; only records matter.
  const fieldDescriptions = messages.fieldDescriptions.map(({ nativeMessage, ...description }) => ({
    ...description,
    standsForRecordField: nativeMessage === RECORD.global,
  }));
  const beats = { count: beatIntervalsS.length, sum: beatIntervalsS.reduce((sum, seconds) => sum + seconds, 0) };
  return { fileIds, sports, sessions, laps, activities, lengths, hr, fieldDescriptions, beats };
}

function compareDeveloperColumns(ours: FitMessages, theirs: FitMessages): number {
  expect(ours.records.developer).toHaveLength(theirs.records.developer.length);
  let compared = 0;
  for (const { description, values } of ours.records.developer) {
    const their = theirs.records.developer.find((column) => isSame(column.description, description))!.values;
    for (let row = 0; row < values.length; row++) {
      if (!Object.is(values[row], their[row])) expect({ description, row, value: values[row] }).toEqual(their[row]);
      if (!Number.isNaN(values[row]!)) compared++;
    }
  }
  return compared;
}

function isSame(a: FieldDescription, b: FieldDescription): boolean {
  return a.developerIndex === b.developerIndex && a.fieldNumber === b.fieldNumber;
}

/**
 * Of a damaged file both keep what they make sense of. Ours reads fields of a type the profile does not name, and stops
 * at a header that cannot be; so what the other one has in the rows that both have must be the same here.
 */
function compareCommonValues(ours: FitMessages, theirs: FitMessages): number {
  if (ours.parts.length !== 1) return 0;
  const rows = Math.min(ours.records.count, theirs.records.count);
  let compared = 0;
  for (const [name, their] of Object.entries(theirs.records.columns)) {
    const our = ours.records.columns[name as keyof FitRecords['columns']];
    for (let row = 0; row < rows; row++) {
      if (Number.isNaN(their[row]!)) continue;
      if (our?.[row] !== their[row]) expect({ name, row, value: our?.[row] }).toEqual({ name, row, value: their[row] });
      compared++;
    }
  }
  return compared;
}
