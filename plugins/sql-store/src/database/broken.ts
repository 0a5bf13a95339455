import { HubError } from '@coach-hub/core';

/** A broken obligation of the caller: a defect, not something a user did. */
export function broken(what: string): HubError {
  return new HubError('internal', {
    what,
    why: 'A rule of the store was broken by the code that called it.',
    fix: 'Nothing was stored. Please report it with the log of this request.',
  });
}
