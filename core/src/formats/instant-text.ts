/** ISO 8601 UTC with milliseconds; `null` when there is no such instant. */
export function instantText(epochMs: number | null): string | null {
  if (epochMs === null) return null;
  const instant = new Date(epochMs);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}
