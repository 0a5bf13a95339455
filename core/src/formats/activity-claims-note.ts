import type { NoteCode } from './activity-file-codes.ts';

/** Tells the operator about something a claim does not state as it was found: a stable code and where it was. */
export type TakeNote = (code: NoteCode, params: { [key: string]: string | number }) => void;
