import { HubError } from '@coach-hub/core';

export function athleteUnknown(athleteId: string): HubError {
  return new HubError('not_found', {
    what: `There is no athlete ${athleteId}.`,
    why: 'No token of theirs was seen yet, or they were erased.',
    fix: 'Check the id; an athlete is created when their app first calls the hub.',
  });
}
