/**
 * The id that joins all forms of one activity.
 *
 * Vendor facts: `activityId` is documented as text and sent as a JSON integer. Summaries carry it as `summaryId` too;
 * details and files append `-detail` and `-file` to that. Manual entries may have a `summaryId` only.
 */
const MAX_CHARS = 128;
const FORM_SUFFIX = /-(?:detail|file)$/;

/** Members whose digits must survive: a JSON number beyond 2^53 loses its last ones in `JSON.parse`. */
const LONG_ID = /(?<!\\)"(activityId|summaryId|parentSummaryId)"\s*:\s*(\d{16,})(?:\.0+)?(?=\s*[,}])/g;

/** JSON text with long ids put in quotes, so that parsing keeps every digit. All other text is unchanged. */
export function quoteLongIds(text: string): string {
  return text.replace(LONG_ID, '"$1":"$2"');
}

/** @returns the id as text, or null when the item names none. */
export function activityIdOf(item: { [key: string]: unknown }): string | null {
  return idText(item.activityId) ?? recordIdOf(item.summaryId);
}

/** An id of a summary, its details or its file, without what tells the form. */
export function recordIdOf(summaryId: unknown): string | null {
  return idText(idText(summaryId)?.replace(FORM_SUFFIX, ''));
}

/** An id as text: numbers and text count as the same id. */
export function idText(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text !== '' && text.length <= MAX_CHARS ? text : null;
}
