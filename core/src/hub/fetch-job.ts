/** The job that fetches what a notice names. */
import type { NewJob } from '../store/job-queue.ts';

/** The address may hold a pull token, so it is sealed. */
export interface FetchPayload {
  plugin: string;
  connectionId: string;
  generation: number;
  athleteId: string;
  stream: string;
  sealedUrl: string;
  singleUse: boolean;
  ref: { [key: string]: string | number | boolean | null };
  noticeSha256: string;
}

/**
 * Attempts at one fetch. The pause doubles from a second up to an hour, so they go on for about 18 hours; after that
 * the provider is asked no more by itself.
 */
const FETCH_ATTEMPTS = 30;

export const FETCH_TASK = 'inbox.fetch';

/** What the address is sealed with: the notice it came in. */
export function noticeBinding(connectionId: string, sha256: string): string {
  return `notice:${connectionId}:${sha256}`;
}

/** The job for a notice, at first and when its letter is replayed. */
export function fetchJob(payload: FetchPayload): NewJob {
  return {
    task: FETCH_TASK,
    payload: { ...payload },
    key: `${FETCH_TASK}:${payload.connectionId}:${payload.noticeSha256}`,
    lane: `connection:${payload.connectionId}`,
    maxAttempts: FETCH_ATTEMPTS,
  };
}
