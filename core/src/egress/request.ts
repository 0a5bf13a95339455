/** What callers of the egress say, and what they get back. */
import type { AppKeyAdapter } from '../provider/auth.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A credential and whose it is. It travels to hosts of that plugin and to no other. */
export interface EgressToken {
  plugin: string;
  value: string;
  /** Where it goes; default: `Authorization: Bearer`. */
  place?: AppKeyAdapter['place'];
}

export interface EgressRequest {
  /** Default GET. */
  method?: Method;
  query?: { readonly [key: string]: string };
  /** Lower-case names. Credentials go in `token`. */
  headers?: { readonly [name: string]: string };
  body?: Uint8Array | string | null;
  token?: EgressToken;
  /** Largest answer, bytes after decompression. Default 16 MiB. */
  maxBytes?: number;
  /** Longest one attempt may take, the body included, ms. Default 30 s. */
  timeoutMs?: number;
  /** Further attempts of a GET or HEAD that met a busy or unreachable provider. Default 2. */
  retries?: number;
  /** Redirects followed, each checked like a callback address. Default 0: a redirect is refused. */
  redirects?: number;
  /** Whose share of per-user budgets it uses: the connection's id. */
  subject?: string;
  /** `history` leaves half of every window to live traffic. Default `live`. */
  priority?: 'live' | 'history';
  signal?: AbortSignal;
}

export interface EgressResponse {
  /** Whatever the provider answered: the adapter decides what counts as success. */
  status: number;
  /** Lower-case names; repeated ones joined with `, `. */
  headers: { readonly [name: string]: string };
  body: Uint8Array;
  /** When the provider wants to be asked again, ms from now, from Retry-After; null when it does not say. */
  retryAfterMs: number | null;
}

/** The body as JSON; null when it is empty or something else. */
export function jsonOf(response: Pick<EgressResponse, 'body'>): unknown {
  if (response.body.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder().decode(response.body));
  } catch {
    return null;
  }
}
