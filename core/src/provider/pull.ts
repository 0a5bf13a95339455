/** Fetching by our own calls: polling, change probes, history. Fetching returns bodies; `normalise` judges them. */
import type { Json } from '../wire/json.ts';
import type { ConnectionHttp } from './auth.ts';
import type { Ref } from './envelope.ts';

/** The adapter's place in the provider's data; opaque to the host, stored in the transaction of the data it covers. */
export type PullCursor = Json;

export interface FetchedBody {
  externalId: string | null;
  bytes: Uint8Array;
  ref: Ref;
}

export interface FetchedPage {
  bodies: FetchedBody[];
  nextCursor: PullCursor;
  hasMore: boolean;
}

/** The adapter's reading of a failed answer, since success and failure are not always in the HTTP status. */
export type FetchFailure =
  | { type: 'retryable'; afterS: number | null }
  | { type: 'rate_limited'; untilMs: number | null; scope: 'app' | 'project' | 'user' | 'token' }
  | {
      type:
        | 'auth_expired'
        | 'auth_revoked'
        | 'permission_missing'
        | 'source_paused'
        | 'not_ready'
        | 'not_found'
        | 'permanent';
    };

export interface PullContext {
  http: ConnectionHttp;
  signal: AbortSignal;
  identity: string;
}

export interface PullAdapter {
  /** Streams it serves. */
  streams: string[];
  /** Widest range of one request, days; null: no such limit. */
  maxWindowDays: number | null;
  /** Cheap question "anything new?", asked before a fetch where the provider has one. */
  probe?(ctx: PullContext, stream: string, cursor: PullCursor): Promise<boolean>;
  fetchPage(ctx: PullContext, stream: string, cursor: PullCursor): Promise<FetchedPage>;
  /** Second phase for providers that delete what was fetched: called after the page is durable. */
  commit?(ctx: PullContext, stream: string, cursor: PullCursor): Promise<void>;
  classify(status: number, body: unknown): FetchFailure;
}

/** History on request. `by_push`: the call only asks, the data arrive through the webhook. */
export interface BackfillAdapter {
  streams: string[];
  mode: 'by_push' | 'by_pull';
  maxWindowDays: number;
  newestFirst: boolean;
  request(ctx: PullContext, stream: string, range: { fromMs: number; toMs: number }): Promise<BackfillAnswer>;
}

/** What a provider says to a request for history. */
export type BackfillAnswer =
  | { type: 'accepted' }
  | { type: 'already_requested' }
  | { type: 'too_old'; minimumMs: number | null }
  | { type: 'failed'; failure: FetchFailure };
