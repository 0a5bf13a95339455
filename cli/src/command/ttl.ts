import { UsageError } from './usage-error.ts';

const UNIT_S: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `15m`, `1h`, `30d` in seconds. */
export function parseTtl(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new UsageError(`--ttl: expected a time such as 90s, 15m, 1h or 30d, got "${text}".`);
  }
  return Number(amount) * (UNIT_S[unit] ?? 0);
}
