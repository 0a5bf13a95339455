/** Notes on what was lost of a FIT file or is in doubt. Every code is in `activity-file-codes.ts`. */
import type { DecodeNote } from '../decoded.ts';
import type { FitMessages } from './fit-messages.ts';

/** One note for everything that was lost or is in doubt. A file with any is partial. Parts are counted from 1. */
export function damageNotes(messages: FitMessages): DecodeNote[] {
  const notes: DecodeNote[] = [];
  messages.parts.forEach(({ cut, crc, stop, declaredBytes, dataStart, dataEnd }, index) => {
    const filePart = index + 1;
    if (cut) notes.push({ code: 'file_cut', params: { filePart, declaredBytes, bytes: dataEnd - dataStart } });
    if (crc === 'wrong') notes.push({ code: 'crc_wrong', params: { filePart } });
    if (crc === 'missing' && !cut) notes.push({ code: 'crc_missing', params: { filePart } });
    if (stop !== null) notes.push({ code: 'reading_stopped', params: { filePart, ...stop } });
  });
  if (messages.trailingBytes > 0) notes.push({ code: 'trailing_bytes', params: { bytes: messages.trailingBytes } });
  for (const limit of messages.limitsReached) notes.push({ code: 'limit_reached', params: { limit } });
  return notes;
}
