/** The laws of a SyncStore. */
import type { Law } from './law.ts';
import { changeLaws } from './store/change-laws.ts';
import { connectionLaws } from './store/connection-laws.ts';
import { inboxLaws } from './store/inbox-laws.ts';
import { loadLaws } from './store/load-laws.ts';
import { readLaws } from './store/read-laws.ts';
import { retentionLaws } from './store/retention-laws.ts';
import { sealLaws } from './store/seal-laws.ts';
import type { NewPlace } from './store/store-place.ts';

/**
 * Everything a SyncStore owes its callers.
 *
 * @param newPlace makes an empty database for each law.
 */
export function storeLaws(newPlace: NewPlace): Law[] {
  return [
    ...changeLaws(newPlace),
    ...loadLaws(newPlace),
    ...inboxLaws(newPlace),
    ...connectionLaws(newPlace),
    ...readLaws(newPlace),
    ...retentionLaws(newPlace),
    ...sealLaws(newPlace),
  ];
}
