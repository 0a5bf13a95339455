import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BlobKey } from '@coach-hub/core';

/** Folder, below the blob folder, of files that are not whole yet. */
export const DRAFTS = 'tmp';

const OWNER_CHARS = 32;

/** An owner's folder below the blob folder. Ids come from elsewhere and may hold anything, hence the hash. */
export function ownerPath(athleteId: string): string {
  return createHash('sha256').update(athleteId).digest('hex').slice(0, OWNER_CHARS);
}

/** A blob's file below the blob folder. */
export function blobPath({ athleteId, sha256 }: BlobKey): string {
  return join(ownerPath(athleteId), sha256.slice(0, 2), sha256);
}
