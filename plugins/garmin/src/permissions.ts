/**
 * What the athlete allows, in Garmin's words: ACTIVITY_EXPORT, HEALTH_EXPORT, WORKOUT_IMPORT …
 *
 * Vendor facts: the same set is documented as an array of names, seen as an object that holds one, and seen as a map
 * from name to boolean; some bodies carry such a map as JSON text.
 */

/** @returns the names, sorted; null when the value has none of the known shapes. */
export function readPermissions(value: unknown): string[] | null {
  if (typeof value === 'string') return readPermissionsText(value);
  if (Array.isArray(value)) return value.every((name) => typeof name === 'string') ? unique(value) : null;
  if (typeof value !== 'object' || value === null) return null;
  const object = value as { [key: string]: unknown };
  if (Object.hasOwn(object, 'permissions')) return readPermissions(object.permissions);
  const entries = Object.entries(object);
  if (!entries.every(([, granted]) => typeof granted === 'boolean')) return null;
  return unique(entries.filter(([, granted]) => granted).map(([name]) => name));
}

function readPermissionsText(text: string): string[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'string' ? null : readPermissions(parsed);
  } catch {
    return null;
  }
}

function unique(names: string[]): string[] {
  return [...new Set(names)].sort();
}
