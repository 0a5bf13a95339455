import type { SyncCaller } from '@coach-hub/core';
import type { SyncHeaders } from '../shape/sync-headers.ts';

/** The sender of a sync request, in core's words. */
export function syncCaller(athleteId: string, headers: SyncHeaders): SyncCaller {
  return { athleteId, clientId: headers['sync-client'], schemaVersion: headers['sync-schema'] ?? null };
}
