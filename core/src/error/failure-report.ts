/**
 * What of an error may be told in a log: whose it is, its code, and where it came from.
 *
 * A foreign message may quote what it choked on: a token, an address with a secret in it, a health value. No pattern
 * finds all of these, so only messages of our own errors are told, which are written to hold none.
 */
import { HubError } from './hub-error.ts';

export interface FailureReport {
  [field: string]: unknown;
}

/** Causes told below a failure: enough to reach the one that matters. */
const MAX_DEPTH = 3;
const MAX_FRAMES = 12;
/** Codes of Node, of the system and of databases: words, never values. */
const CODE = /^[A-Za-z][A-Za-z0-9_]{1,63}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_$]{0,63}$/;

export function failureReport(error: unknown, depth = 1): FailureReport {
  if (!(error instanceof Error)) return { name: typeof error };
  const { cause } = error;
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    ...codeOf(error),
    ...(error instanceof HubError ? { message: error.message } : {}),
    at: framesOf(error),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: failureReport(cause, depth + 1) }),
  };
}

function codeOf(error: Error): { code?: string } {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CODE.test(code) ? { code } : {};
}

/** Frames stand below the message, which may have lines of its own that look like one. */
function framesOf({ stack = '', message }: Error): string[] {
  const told = message === '' ? -1 : stack.indexOf(message);
  const below = told < 0 ? stack : stack.slice(told + message.length);
  return below
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim());
}
