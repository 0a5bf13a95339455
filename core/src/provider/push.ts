/** The outbound port: what we hand to a provider. A reconciler per object decides; the adapter only performs. */
import type { JsonObject } from '../wire/json.ts';
import type { ConnectionHttp } from './auth.ts';

export type OutboundKind = 'structured_workout' | 'schedule' | 'route' | 'activity_upload' | 'guide';

export interface OutboundContext {
  http: ConnectionHttp;
  signal: AbortSignal;
  idempotencyKey: string;
}

/** Ids the provider gave, kept for update and delete. */
export type RemoteIds = { [name: string]: string };

export type OutboundAnswer =
  | { type: 'done'; remoteIds: RemoteIds; fingerprint: string | null }
  /** An upload the provider works on: ask again with the job id. */
  | { type: 'pending'; jobId: string; pollAfterS: number }
  /** The outcome is unknown: list before creating again. */
  | { type: 'unknown' };

export interface PushAdapter {
  kinds: OutboundKind[];
  delivery: 'http_sync' | 'http_job' | 'client_outbox';
  maxSteps: number | null;
  upsert(
    ctx: OutboundContext,
    kind: OutboundKind,
    desired: JsonObject,
    remoteIds: RemoteIds | null,
  ): Promise<OutboundAnswer>;
  remove(ctx: OutboundContext, kind: OutboundKind, remoteIds: RemoteIds): Promise<void>;
  poll?(ctx: OutboundContext, jobId: string): Promise<OutboundAnswer>;
  /** How our own write looks when it comes back as an activity, so that it is never a new object. */
  echoFingerprint?(remoteIds: RemoteIds): string[];
}
