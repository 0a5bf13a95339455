/** Where sealed text lies in a store, for those who look after the keys. */

export const SEAL_PLACES = ['connection', 'attempt', 'job', 'dead_letter'] as const;
export type SealPlace = (typeof SEAL_PLACES)[number];

/**
 * A row that holds sealed text: in a column of its own (`connection`, `attempt`), or inside a JSON document (`job`,
 * `dead_letter`), there as the value of a key that begins with `sealed`.
 */
export interface SealedRow {
  place: SealPlace;
  /** Key of the row in its place. */
  id: string;
  /** Whose connection it is; null elsewhere. */
  athleteId: string | null;
  /** What the job is for; null elsewhere. */
  task: string | null;
  /** The column: the sealed text itself, or the document. */
  text: string;
}

export interface SealStore {
  /** Rows of a place that hold sealed text, by key, after `afterId`. */
  sealedRows(place: SealPlace, afterId: string | null, limit: number): Promise<SealedRow[]>;
  /** Puts another text in place of the one that was read; false when the row has changed or gone since. */
  replaceSealed(row: SealedRow, next: string): Promise<boolean>;
}
