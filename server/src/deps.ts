import type { Clock, Hub, Limits, Log, Random } from '@coach-hub/core';
import type { Auth } from './auth/auth.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { TicketBook } from './realtime/ticket-book.ts';

/** The part of the hub's configuration the routes need; a whole `HubConfig` fits. */
export interface ServerConfig {
  /** Address under which providers and phones reach this hub. */
  publicUrl: string | null;
  /** Whether headers that a proxy sets are believed. */
  trustProxy: boolean;
  /** What one client may ask for; what is left out is as by default. */
  limits?: Partial<Limits>;
}

/** Everything a route may ask for; each takes a `Pick` of it. */
export interface Deps {
  hub: Hub;
  auth: Auth;
  tickets: TicketBook;
  config: ServerConfig;
  clock: Clock;
  /** Request ids and tickets. */
  random: Pick<Random, 'bytes' | 'uuid'>;
  log: Log;
  /** Null: nothing is measured, and there is no `/metrics`. */
  metrics: Metrics | null;
}
