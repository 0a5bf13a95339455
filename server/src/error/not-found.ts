import { HubError } from '@coach-hub/core';

/** The answer where no route matches. The address is not told back: it may hold a secret of somebody else's. */
export function noSuchRoute(): never {
  throw new HubError('not_found', {
    what: 'There is no such route.',
    why: 'No endpoint of this hub has that method and path.',
    fix: 'See /openapi.json for all there are.',
  });
}
