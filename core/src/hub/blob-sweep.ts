/** Bytes of an athlete that nothing names any more: series that newer ones took the place of, files of withdrawn sources. */
import type { Job, JobPostponed, NewJob } from '../store/job-queue.ts';
import type { HubParts } from './hub-parts.ts';
import { storedClaims } from './stored-claims.ts';

export const BLOB_SWEEP_TASK = 'blobs.sweep';

/** Bytes are stored first and named after, by whatever process: longer than any reading of an envelope takes, ms. */
export const BLOB_GRACE_MS = 3_600_000;

type Parts = Pick<HubParts, 'store' | 'blobs'>;

/** Sweeps an athlete's bytes once everything that is under way now is over. */
export function blobSweepJob(athleteId: string, nowMs: number): NewJob {
  return {
    task: BLOB_SWEEP_TASK,
    payload: { athleteId },
    key: `${BLOB_SWEEP_TASK}:${athleteId}`,
    runAtMs: nowMs + BLOB_GRACE_MS + 1,
    priority: 10,
  };
}

export async function sweepBlobsJob(parts: Parts, job: Job): Promise<JobPostponed | undefined> {
  await sweepBlobs(parts, (job.payload as { athleteId: string }).athleteId);
  return undefined;
}

/** Returns how many went. */
export function sweepBlobs({ store, blobs }: Parts, athleteId: string): Promise<number> {
  return blobs.keepOnly(athleteId, () => namedBlobs(store, athleteId), BLOB_GRACE_MS);
}

/** How many would go. */
export function sweepableBlobs({ store, blobs }: Parts, athleteId: string): Promise<number> {
  return blobs.unnamed(athleteId, () => namedBlobs(store, athleteId), BLOB_GRACE_MS);
}

/** Bytes of an athlete that a claim or an envelope names. */
export async function namedBlobs(
  store: Pick<HubParts['store'], 'envelopeBlobs' | 'claimHolders' | 'object'>,
  athleteId: string,
): Promise<Set<string>> {
  const named = await store.envelopeBlobs(athleteId);
  for await (const page of storedClaims(store, athleteId, '')) {
    for (const { series, file } of page) for (const ref of [series, file]) if (ref !== null) named.add(ref.sha256);
  }
  return named;
}
