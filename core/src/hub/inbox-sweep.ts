/**
 * Bytes of the inbox go only here: equal deliveries share one blob, so no single one may take it.
 *
 * Whoever stores, in this process or another, stores a body first and the delivery that names it after: so bytes younger
 * than BLOB_GRACE_MS stay, named or not, and nobody waits for a sweep.
 */
import { INBOX_OWNER } from '../store/blob-store.ts';
import { BLOB_GRACE_MS } from './blob-sweep.ts';
import type { HubParts } from './hub-parts.ts';

type Parts = Pick<HubParts, 'store' | 'blobs'>;

/** Returns how many went. */
export function sweepInbox({ store, blobs }: Parts): Promise<number> {
  return blobs.keepOnly(INBOX_OWNER, () => store.inboxBlobs(), BLOB_GRACE_MS);
}

/** How many would go. */
export function sweepableInbox({ store, blobs }: Parts): Promise<number> {
  return blobs.unnamed(INBOX_OWNER, () => store.inboxBlobs(), BLOB_GRACE_MS);
}
