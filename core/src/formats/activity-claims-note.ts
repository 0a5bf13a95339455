/** Tells the operator about something a claim does not state as it was found: a stable code and where it was. */
export type TakeNote = (code: string, params: { [key: string]: string | number }) => void;
