/**
 * Notes on a FIT file. The codes, with who writes them:
 *
 * - lost or in doubt, the file is partial (here): `file_cut`, `crc_wrong`, `crc_missing`, `reading_stopped`,
 *   `trailing_bytes`, `limit_reached`; and `records_set_aside` (decode-sessions.ts).
 * - about the file (activity-from-fit.ts): `chained_files`, `file_id_missing`, `utc_offset_implausible`.
 * - about a session (decode-sessions.ts, sport-table.ts): `no_session_message`, `device_clock_not_set`,
 *   `start_from_records`, `records_reordered`, `power_from_developer_field`, `heart_rate_from_strap_memory`,
 *   `sport_not_stated`, `sport_unknown`, `sub_sport_unknown`.
 */
import type { DecodeNote } from '../decoded.ts';
import type { FitMessages } from './fit-messages.ts';

/** One note for everything that was lost or is in doubt. A file with any is partial. Parts are counted from 1. */
export function damageNotes(messages: FitMessages): DecodeNote[] {
  const notes: DecodeNote[] = [];
  messages.parts.forEach(({ cut, crc, stop, declaredBytes, dataStart, dataEnd }, index) => {
    const part = index + 1;
    if (cut) notes.push({ code: 'file_cut', params: { part, declaredBytes, bytes: dataEnd - dataStart } });
    if (crc === 'wrong') notes.push({ code: 'crc_wrong', params: { part } });
    if (crc === 'missing' && !cut) notes.push({ code: 'crc_missing', params: { part } });
    if (stop !== null) notes.push({ code: 'reading_stopped', params: { part, ...stop } });
  });
  if (messages.trailingBytes > 0) notes.push({ code: 'trailing_bytes', params: { bytes: messages.trailingBytes } });
  for (const limit of messages.limitsReached) notes.push({ code: 'limit_reached', params: { limit } });
  return notes;
}
