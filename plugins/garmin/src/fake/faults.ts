/** Faults by name: each is switched on for a number of occasions, and each occasion that takes it uses one up. */
import { HubError } from '@coach-hub/core';
import type { Params } from './params.ts';

export const FAULTS = [
  { name: 'duplicate', help: 'The next notification is sent twice.' },
  { name: 'reorder', help: 'The notifications of the next command are sent in reverse order.' },
  { name: 'delay', help: 'The next notification is sent late. params: ms (400).' },
  { name: 'drop', help: 'The next notification is never sent, as when Garmin loses one.' },
  { name: 'http_429', help: 'The next call is answered 429. params: where (api, token or any), retryAfterS (1).' },
  { name: 'http_5xx', help: 'The next call is answered 503. params: where (api, token or any), status (503).' },
  { name: 'expire', help: 'The access token of the next call has expired: 401 until it is refreshed.' },
  { name: 'revoke', help: 'The refresh token of the next refresh has been revoked: 400 invalid_grant.' },
  {
    name: 'tamper',
    help: 'What comes next is damaged. params: what (body: JSON cut in two; item: its first item has no account; file: the next download).',
  },
  {
    name: 'shorter_copy',
    help: 'After the next summaries the same ids come again, later and shorter, as after a trim.',
  },
  { name: 'split_batch', help: 'The next command sends every record in a body of its own.' },
  { name: 'merge_batch', help: 'The next command sends all its records in one body with several keys.' },
  { name: 'stale_callback', help: 'The next ping names an address that is over: the pull answers 400, the file 410.' },
] as const;
export type FaultName = (typeof FAULTS)[number]['name'];

export interface Faults {
  set(name: string, times: number, params?: Params): void;
  /** Uses up one occasion. @returns its parameters, or null when the fault is off or `applies` says no. */
  take(name: FaultName, applies?: (params: Params) => boolean): Params | null;
  active(): { name: string; times: number }[];
}

export function createFaults(): Faults {
  const left = new Map<string, { times: number; params: Params }>();
  return {
    set(name, times, params = {}) {
      if (!FAULTS.some((fault) => fault.name === name)) throw unknownFault(name);
      if (times > 0) left.set(name, { times, params });
      else left.delete(name);
    },
    take(name, applies = () => true) {
      const fault = left.get(name);
      if (fault === undefined || !applies(fault.params)) return null;
      fault.times -= 1;
      if (fault.times <= 0) left.delete(name);
      return fault.params;
    },
    active: () => [...left].map(([name, { times }]) => ({ name, times })),
  };
}

function unknownFault(name: string): HubError {
  return new HubError('fake_unknown_fault', {
    what: `The fake Garmin has no fault "${name}".`,
    why: `It has ${FAULTS.map((fault) => fault.name).join(', ')}.`,
    fix: 'Choose one of these.',
  });
}
