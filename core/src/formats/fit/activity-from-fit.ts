/** What the messages of a FIT file mean: sessions with laps and series, or why there is no activity in it. */
import { type NoActivityFile, noActivity, type UnreadableFile, unreadable } from '../activity-file-result.ts';
import type { DecodedActivityFile, DecodeNote, FileId } from '../decoded.ts';
import { decodeSessions } from './decode-sessions.ts';
import type { ActivityMessage, DeviceInfoMessage, FileIdMessage, FitMessages } from './fit-messages.ts';
import { damageNotes } from './fit-notes.ts';
import { fitToUnixS } from './fit-time.ts';
import { COURSE, FILE_TYPES, WORKOUT } from './profile.ts';

const ACTIVITY_TYPE = 4;
const COURSE_TYPE = 6;
const WORKOUT_TYPE = 5;
/** Zones reach from -12 to +14 hours; more than that is a clock that was never set. */
const LARGEST_OFFSET_S = 15 * 3_600;

/** Every message in, the activity out. The same for every reader. */
export function activityFromFit(messages: FitMessages): DecodedActivityFile | NoActivityFile | UnreadableFile {
  if (messages.parts.length === 0) return unreadable('not_an_activity_file', 'The file is not a FIT file.');
  if (messages.parts.every(({ stop }) => stop?.reason === 'refused')) {
    return unreadable('reader_refused', 'The reader refused the file as damaged.');
  }
  const fileId = messages.fileIds.find(({ type }) => type === ACTIVITY_TYPE) ?? messages.fileIds[0] ?? null;
  const damage = damageNotes(messages);
  const without = withoutActivity(messages, fileId, damage.length > 0);
  if (without !== null) return without;
  const decoded = decodeSessions(messages);
  const offset = utcOffset(messages.activities);
  const notes = [...damage, ...decoded.notes, ...offset.notes];
  if (messages.parts.length > 1) notes.push({ code: 'chained_files', params: { parts: messages.parts.length } });
  if (fileId === null) notes.push({ code: 'file_id_missing' });
  const isPartial = damage.length > 0 || decoded.sessions.some(({ recordsSetAside }) => recordsSetAside > 0);
  return {
    format: 'fit',
    fileId: fileId === null ? null : identity(fileId),
    fileType: fileTypeOf(fileId),
    device: deviceOf(fileId, messages.deviceInfos),
    utcOffsetS: offset.offsetS,
    status: isPartial ? 'partial' : 'complete',
    sessions: decoded.sessions,
    notes,
  };
}

/** A course has records too, so what the file says it is for decides, unless a session says otherwise. */
function withoutActivity(
  { sessions, records, laps, counts }: FitMessages,
  fileId: FileIdMessage | null,
  isDamaged: boolean,
): NoActivityFile | UnreadableFile | null {
  if (sessions.length > 0) return null;
  const fileType = fileTypeOf(fileId);
  const type = fileId?.type;
  const held = { records: records.count, laps: laps.length };
  if (type === COURSE_TYPE || (type === undefined && counts.has(COURSE))) {
    return noActivity('course_file', fileType, 'The file is a course to follow, not an activity.', held);
  }
  if (type === WORKOUT_TYPE || (type === undefined && counts.has(WORKOUT) && records.count === 0)) {
    return noActivity('workout_file', fileType, 'The file is a planned workout, not an activity.', held);
  }
  if (type !== undefined && type !== ACTIVITY_TYPE) {
    return noActivity('other_file_type', fileType, `The file holds ${fileType}, not an activity.`, held);
  }
  // Records without a time are set aside, and laps alone tell of no activity that has a place in a day.
  if (records.timestamp.some((time) => !Number.isNaN(time))) return null;
  if (isDamaged) return unreadable('damaged_file', 'The file is damaged before anything that was recorded.');
  return noActivity('nothing_recorded', fileType, 'Nothing was recorded in this activity file.', held);
}

function fileTypeOf(fileId: FileIdMessage | null): string | null {
  if (fileId?.type === undefined) return null;
  return FILE_TYPES.get(fileId.type) ?? String(fileId.type);
}

/** Maker and product stay the numbers they are in the file. A serial of 0 is "none" in FIT. */
function identity({ manufacturer, product, serial_number, time_created }: FileIdMessage): FileId {
  return {
    manufacturer: manufacturer === undefined ? null : String(manufacturer),
    product: product === undefined ? null : String(product),
    serial: serial_number ?? null,
    createdAtS: time_created === undefined ? null : fitToUnixS(time_created),
  };
}

function deviceOf(fileId: FileIdMessage | null, infos: readonly DeviceInfoMessage[]): DecodedActivityFile['device'] {
  const creator = infos.find(({ device_index }) => device_index === 0) ?? infos[0];
  const manufacturer = fileId?.manufacturer ?? creator?.manufacturer;
  return {
    name: fileId?.product_name ?? creator?.product_name ?? null,
    manufacturer: manufacturer === undefined ? null : String(manufacturer),
    serial: fileId?.serial_number ?? creator?.serial_number ?? null,
    firmware: creator?.software_version?.toFixed(2) ?? null,
  };
}

function utcOffset(activities: readonly ActivityMessage[]): { offsetS: number | null; notes: DecodeNote[] } {
  for (const { timestamp, local_timestamp } of activities) {
    if (timestamp === undefined || local_timestamp === undefined) continue;
    const offsetS = local_timestamp - timestamp;
    if (Math.abs(offsetS) <= LARGEST_OFFSET_S) return { offsetS, notes: [] };
    return { offsetS: null, notes: [{ code: 'utc_offset_implausible', params: { offsetS } }] };
  }
  return { offsetS: null, notes: [] };
}
