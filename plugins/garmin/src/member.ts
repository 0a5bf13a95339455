/**
 * Members of a Garmin item. Missing is a key that is absent, sometimes one that is null; whole numbers may come as
 * decimals, and numbers as text.
 */
export type Item = { readonly [key: string]: unknown };

export function numberIn(item: Item, key: string): number | null {
  const value = item[key];
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** For sensors that cannot measure 0: a mean heart rate of 0 is a sensor that was not worn. */
export function positiveIn(item: Item, key: string): number | null {
  const value = numberIn(item, key);
  return value !== null && value > 0 ? value : null;
}

export function textIn(item: Item, key: string, maxChars: number): string | null {
  const value = item[key];
  if (typeof value !== 'string' || value.trim() === '') return null;
  return value.trim().slice(0, maxChars);
}

export function isTrue(item: Item, key: string): boolean {
  return item[key] === true || item[key] === 'true';
}

export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
