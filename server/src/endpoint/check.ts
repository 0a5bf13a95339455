import { HubError } from '@coach-hub/core';
import type { z } from 'zod';

export type RequestPart = 'path' | 'query' | 'header' | 'body';

/** More would not help a reader: the first few name what is wrong. */
const MAX_ISSUES_TOLD = 5;
const MAX_PLACE_CHARS = 80;

/**
 * Reads a part of a request by its schema.
 *
 * @throws HubError `bad_request` that names each place and what is expected there, never the value found;
 *   `payload_too_large` when a list is longer than allowed, so that a client sends less at once.
 */
export function check<T>(part: RequestPart, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const isTooMuch = issues.some((issue) => issue.code === 'too_big' && issue.origin === 'array');
  throw new HubError(isTooMuch ? 'payload_too_large' : 'bad_request', {
    what: `The ${part} of the request does not have the expected shape.`,
    why: `${issues.slice(0, MAX_ISSUES_TOLD).map(tell).join('; ')}${issues.length > MAX_ISSUES_TOLD ? '; and more' : ''}.`,
    fix: isTooMuch
      ? 'Send fewer entries at once.'
      : 'Correct it and send it again; /openapi.json describes every request.',
  });
}

function tell({ path, message }: z.core.$ZodIssue): string {
  const place = placeOf(path);
  return place === '' ? message : `${place}: ${message}`;
}

/** `push.batch[3].seq` */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return place.replace(/^\./, '').slice(0, MAX_PLACE_CHARS);
}
