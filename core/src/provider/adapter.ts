/**
 * ProviderAdapter: what a provider plugin says about its vendor. Mostly data. The host owns auth flows, tokens,
 * HTTP, retries, budgets, storage, scheduling, matching and merging; the adapter says how to talk, how to split,
 * and what it means.
 *
 * Every part beyond the descriptor is optional; a hub feature that needs a part the adapter lacks answers
 * `not_supported`.
 */
import type { AuthAdapter } from './auth.ts';
import type { Normalise } from './envelope.ts';
import type { FileAdapter } from './file.ts';
import type { PhoneAdapter } from './phone.ts';
import type { ProviderLifecycle, ProviderPolicy, RequestLimit } from './policy.ts';
import type { BackfillAdapter, PullAdapter } from './pull.ts';
import type { PushAdapter } from './push.ts';
import type { QueryAdapter } from './query.ts';
import type { HistoryPromise, StreamSpec } from './streams.ts';
import type { WebhookAdapter } from './webhook.ts';

export interface ProviderAdapter {
  /** Also the word in source keys: `provider:<id>`. */
  id: string;
  /** As people know the vendor. */
  displayName: string;
  /** Protocol variant, where one vendor has several with tokens of their own. */
  variant: string | null;
  lifecycle: ProviderLifecycle;
  /** Rises with every change of `normalise` that changes claims. */
  mappingVersion: number;
  streams: { [name: string]: StreamSpec };
  /** Logical host → the vendor's origin. Nothing outside this list is ever called with a token. */
  hosts: { [logicalHost: string]: string };
  limits: RequestLimit[];
  policy: ProviderPolicy;
  history: HistoryPromise;
  auth: AuthAdapter;
  webhook?: WebhookAdapter;
  pull?: PullAdapter;
  backfill?: BackfillAdapter;
  query?: QueryAdapter;
  phone?: PhoneAdapter;
  file?: FileAdapter;
  push?: PushAdapter;
  /**
   * Removes what the policy forbids to store. Pure. Runs before an envelope is hashed and stored; absent: all may
   * be stored.
   */
  scrub?(stream: string, bytes: Uint8Array): Uint8Array;
  normalise: Normalise;
}
