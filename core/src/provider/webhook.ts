/** Inbound notifications: verification, acknowledgement, decoding. The host stores a delivery before it answers. */
import type { Split } from './envelope.ts';

/** Headers of a request; names in any case. The Fetch standard's `Headers` is one. */
export interface RequestHeaders {
  get(name: string): string | null;
}

/** Raw request as it came; signatures are computed over the bytes, never over parsed JSON. */
export interface WebhookRequest {
  method: string;
  headers: RequestHeaders;
  query: { readonly [name: string]: string };
  bytes: Uint8Array;
}

/** The adapter's configuration, as its schema parsed it, with secrets opened. */
export type PluginConfig = { readonly [key: string]: unknown };

export interface WebhookAnswer {
  status: number;
  headers?: { [name: string]: string };
  body?: string;
}

/** What a signature says. `unverifiable` is stored and treated as a hint: what it names is confirmed by fetching. */
export type Verification = 'valid' | 'invalid' | 'unverifiable';

/** A handshake request that is answered at once and not stored (challenge, probe, health check). */
export type Handshake = (request: WebhookRequest, config: PluginConfig) => WebhookAnswer | null;

/** Subscriptions the provider keeps for us, reconciled by the host: desired against listed. */
export interface SubscriptionAdapter {
  scope: 'app' | 'project' | 'app_type_event' | 'user_category' | 'portal';
  desired(config: PluginConfig): { key: string; params: { [key: string]: string } }[];
  list?(): Promise<{ key: string; id: string; expiresAtMs: number | null; active: boolean }[]>;
  /** May be called back while the call is open; may return a secret that is shown once. */
  create?(key: string, callbackUrl: string): Promise<{ id: string; expiresAtMs: number | null; secret?: string }>;
  renew?(id: string): Promise<{ expiresAtMs: number | null }>;
  reactivate?(id: string): Promise<void>;
  delete?(id: string): Promise<void>;
}

export interface WebhookAdapter {
  /** Largest body accepted, bytes; larger ones are answered 413. */
  maxBytes: number;
  /**
   * `path`: the last path segment is a secret of ours, compared in constant time; wrong or missing answers 404.
   * `connection_path`: one secret per connection. `none`: the signature alone proves the sender.
   */
  secret: 'path' | 'connection_path' | 'none';
  /** Headers `split` wants to see; all others are dropped before storage. */
  keepHeaders: string[];
  handshake?: Handshake;
  /** Checks a signature or identity header. `invalid` is answered 404, stored nowhere, counted. */
  verify(request: WebhookRequest, config: PluginConfig): Verification;
  /** The answer to an accepted delivery. Unknown athletes and unreadable items are accepted too. */
  answer: WebhookAnswer;
  /** Seconds the provider waits for it. */
  deadlineS: number;
  subscriptions?: SubscriptionAdapter;
  split: Split;
}
