import { UsageError } from './usage-error.ts';

export interface NumberExpected {
  /** The flag or argument, as a message names it. */
  name: string;
  /** What it is, in words that follow "expected". */
  what?: string;
  min: number;
  max?: number;
}

/** Reads a whole number within bounds: of a flag as of an argument, where oclif's own way of failing is no usage error. */
export function wholeNumber({ name, what, min, max = Number.MAX_SAFE_INTEGER }: NumberExpected) {
  return async (text: string): Promise<number> => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(`${name}: expected ${what ?? `a whole number from ${min} to ${max}`}, got "${text}".`);
  };
}
