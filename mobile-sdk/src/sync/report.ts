/** What a sync did and how things stand. */
import type { CoachError } from '../coach-error.ts';

/**
 * How a run ended, or how things stand. Where something went wrong it is the code of the error.
 *
 * - `idle`: all is sent and read (in `status()` also before the first sync).
 * - `syncing`: a run is under way (`status()` only).
 * - `interrupted`: stopped by `signal`, `deadlineMs` or `close()`; what was applied stays, the rest waits.
 * - `offline`: the hub did not answer; nothing left the queue.
 * - `busy`: the hub asked to wait until `retryAt`.
 * - `needs_auth`: no valid token, even after asking for a fresh one; nothing left the queue.
 * - `elsewhere`: another process of this phone syncs the file just now.
 * - `client_athlete_mismatch`: this file belongs to another athlete; nothing was sent or read.
 * - `upgrade_required`: the hub has retired this SDK's protocol; writing is refused until the app is updated.
 * - `hub_refused`: the hub refused the request itself, and repeating it as it is will not help.
 */
export type SyncState =
  | 'idle'
  | 'syncing'
  | 'interrupted'
  | 'offline'
  | 'busy'
  | 'needs_auth'
  | 'elsewhere'
  | 'client_athlete_mismatch'
  | 'upgrade_required'
  | 'hub_refused';

export interface SyncReport {
  state: Exclude<SyncState, 'syncing'>;
  /** Changes the hub settled. */
  pushed: number;
  /** Changes of the hub that were applied here. */
  pulled: number;
  /** Changes the hub refused for good; see `deadLetters()`. */
  rejected: number;
  /** Ids that turned out to be another object's. */
  aliases: number;
  /** Pull pages applied. */
  pages: number;
  /** Bodies before compression. */
  bytesSent: number;
  bytesReceived: number;
  /** Epoch milliseconds before which the hub does not want to be asked again. */
  retryAt: number | null;
  /** Why the run ended before it was done. */
  error: CoachError | null;
}

export interface SyncOptions {
  /** Ends the run early. */
  signal?: AbortSignal;
  /** Ends the run after so many milliseconds, for background time. Each page is a safe place to stop. */
  deadlineMs?: number;
}

export interface CoachStatus {
  state: SyncState;
  /** Changes waiting to be sent. */
  queued: number;
  deadLetters: number;
  /** Epoch milliseconds of the last answer that was applied. */
  lastSyncAt: number | null;
  lastError: CoachError | null;
  retryAt: number | null;
  /** The hub's clock minus the phone's. */
  clockOffsetMs: number;
  /** The hub's rev up to which this phone has read; null before the first complete pull. */
  cursorRev: number | null;
}
