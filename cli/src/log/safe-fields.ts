/** Names of fields that never reach a log, whoever passes them: they carry credentials by their nature. */
const NEVER =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|password|secret|(?:client|jwt|webhook)[_-]?secret|(?:access|refresh|id)?[_-]?token|(?:code[_-]?)?verifier|ticket|(?:x-)?api[_-]?key)$/i;

/** A circle, or something so deep that nobody reads it, ends here. */
const MAX_DEPTH = 6;

/** Fields without credentials, at any depth. Of an error only kind and code are told: its message may quote anything. */
export function safeFields(fields: { [key: string]: unknown }, depth = 1): { [key: string]: unknown } {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => !NEVER.test(key))
      .map(([key, value]) => [key, safeValue(value, depth)]),
  );
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return 'code' in value ? `${value.name} (${value.code})` : value.name;
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((each) => safeValue(each, depth + 1));
  return safeFields(value as { [key: string]: unknown }, depth + 1);
}
