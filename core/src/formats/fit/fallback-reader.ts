/**
 * The fallback: the same messages, read by the library "fit-file-parser", which an operator can switch to.
 *
 * The library needs a layer round it, all of it met in real files: it reads only the first file of a chain, refuses cut
 * files whole, turns half a message at the end into a record, and says nothing about the CRC. It is an order of
 * magnitude slower than our own reader and gives up on a file that stops making sense half way.
 */
import { createRequire } from 'node:module';
import { FIT_LIMITS, type FitLimit } from './fit-limits.ts';
import type { FitMessages, FitPart } from './fit-messages.ts';
import {
  type LibraryMessage,
  LibraryMessages,
  libraryBeatIntervals,
  libraryFieldDescription,
  libraryHr,
} from './library-messages.ts';
import { libraryRecords, type RawDeveloperField } from './library-records.ts';
import { splitParts } from './parts.ts';
import * as profile from './profile.ts';

type Library = typeof import('fit-file-parser');

const require = createRequire(import.meta.url);
let library: Library | null = null;

/** Loaded with the first file, and at once: mapping is synchronous, and who keeps our own reader never pays for it. */
function loadLibrary(): Library {
  library ??= require('fit-file-parser') as Library;
  return library;
}

const DATA_SIZE_AT = 4;

const GLOBAL_OF_NAME: Readonly<Record<string, number>> = {
  file_id: profile.FILE_ID.global,
  sport: profile.SPORT.global,
  session: profile.SESSION.global,
  lap: profile.LAP.global,
  record: profile.RECORD.global,
  event: profile.EVENT.global,
  device_info: profile.DEVICE_INFO.global,
  activity: profile.ACTIVITY.global,
  length: profile.LENGTH.global,
  workout: profile.WORKOUT,
  course: profile.COURSE,
  hrv: profile.HRV,
  hr: profile.HR,
  field_description: profile.FIELD_DESCRIPTION,
};

/** What the library makes of one part: its messages by name, and its developer fields as bytes. */
interface LibraryPart {
  lists: Readonly<Record<string, readonly LibraryMessage[] | undefined>>;
  raw: RawDeveloperField[];
}

/** Reads a download by the library. A part that it refuses has no messages and the stop reason `refused`. */
export function readFitByLibrary(bytes: Uint8Array): FitMessages {
  const isTooLarge = bytes.length > FIT_LIMITS.inputBytes;
  const { parts, trailingBytes } = isTooLarge ? { parts: [], trailingBytes: bytes.length } : splitParts(bytes);
  const read = parts.map((part) => readPart(bytes, part));
  const all = (name: string): readonly LibraryMessage[] => read.flatMap(({ lists }) => lists[name] ?? []);
  const limitsReached: FitLimit[] = isTooLarge ? ['inputBytes'] : [];
  if (all('record').length > FIT_LIMITS.records) limitsReached.push('records');
  if (all('session').length > FIT_LIMITS.sessions) limitsReached.push('sessions');
  const ours = new LibraryMessages();
  const kept = (name: string): readonly LibraryMessage[] => all(name).slice(0, FIT_LIMITS.messagesPerKind);
  const fieldDescriptions = kept('field_description')
    .map(libraryFieldDescription)
    .filter((description) => description !== null);
  return {
    parts,
    trailingBytes,
    counts: countsOf(read),
    fileIds: kept('file_id').map((message) => ours.message(message, profile.FILE_ID)),
    sports: kept('sport').map((message) => ours.message(message, profile.SPORT)),
    sessions: all('session')
      .slice(0, FIT_LIMITS.sessions)
      .map((message) => ours.message(message, profile.SESSION)),
    laps: kept('lap').map((message) => ours.message(message, profile.LAP)),
    events: kept('event').map((message) => ours.message(message, profile.EVENT)),
    deviceInfos: kept('device_info').map((message) => ours.message(message, profile.DEVICE_INFO)),
    activities: kept('activity').map((message) => ours.message(message, profile.ACTIVITY)),
    lengths: kept('length').map((message) => ours.message(message, profile.LENGTH)),
    hr: kept('hr').map(libraryHr),
    beatIntervalsS: Float64Array.from(all('hrv').flatMap(libraryBeatIntervals).slice(0, FIT_LIMITS.beats)),
    fieldDescriptions,
    records: libraryRecords(all('record'), fieldDescriptions, rawOfAllParts(read)),
    limitsReached,
  };
}

/** Parses a copy of one part whose header promises what is there. Sets `stop` when the library refuses it. */
function readPart(bytes: Uint8Array, part: FitPart): LibraryPart {
  // Not `slice`: of a Buffer that would be the same memory.
  const copy = Buffer.from(new Uint8Array(bytes.subarray(part.start, part.dataEnd)).buffer);
  copy.writeUInt32LE(part.dataEnd - part.dataStart, DATA_SIZE_AT);
  const { default: FitParser } = loadLibrary();
  const parser = new FitParser({ force: true, mode: 'list', includeRawDeveloperFields: [profile.RECORD.global] });
  let lists: Record<string, readonly LibraryMessage[] | undefined> | null = null;
  let raw: RawDeveloperField[] = [];
  try {
    parser.parse(copy, (_error, parsed) => {
      if (parsed === undefined) return;
      lists = { ...parsed.messages } as Record<string, readonly LibraryMessage[] | undefined>;
      raw = (parsed.raw_developer_fields ?? []).map((field) => ({
        row: field.message_index,
        developerIndex: field.developer_data_index,
        fieldNumber: field.field_definition_number,
        bytes: field.raw_value,
      }));
    });
  } catch {
    lists = null; // a message it has no definition for: it gives the whole file up
  }
  if (lists === null) {
    part.stop = { atByte: part.dataStart, reason: 'refused' };
    return { lists: {}, raw: [] };
  }
  return { lists: part.crc === 'ok' ? lists : withoutLastRecord(lists), raw };
}

/** In a file that is cut the last record may be half a message: better lose one than keep one that never was. */
function withoutLastRecord(lists: LibraryPart['lists']): LibraryPart['lists'] {
  return { ...lists, record: lists.record?.slice(0, -1) };
}

/** Rows of the second part's records follow those of the first. */
function rawOfAllParts(read: readonly LibraryPart[]): RawDeveloperField[] {
  const raw: RawDeveloperField[] = [];
  let firstRow = 0;
  for (const part of read) {
    for (const field of part.raw) raw.push({ ...field, row: firstRow + field.row });
    firstRow += part.lists.record?.length ?? 0;
  }
  return raw;
}

function countsOf(read: readonly LibraryPart[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { lists } of read) {
    for (const [name, global] of Object.entries(GLOBAL_OF_NAME)) {
      const count = lists[name]?.length ?? 0;
      if (count > 0) counts.set(global, (counts.get(global) ?? 0) + count);
    }
  }
  return counts;
}
