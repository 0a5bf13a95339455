/** The HTTP an adapter sees: its own hosts, with a token it never sees. */
import type { Egress } from '../egress/egress.ts';
import { type EgressRequest, type EgressResponse, jsonOf } from '../egress/request.ts';
import { HubError } from '../error/hub-error.ts';
import type { ConnectionHttp } from '../provider/auth.ts';

/** Where the token of a call comes from. */
export interface TokenSource {
  current(): Promise<string>;
  /** Another token, after the provider refused this one; null when there is none. */
  renewed(refused: string): Promise<string | null>;
}

export interface ConnectionHttpOptions {
  signal?: AbortSignal | undefined;
  priority?: 'live' | 'history' | undefined;
}

/** Calls of one connection. A 401 leads to one renewal and one more try; a second 401 is the answer. */
export function httpWith(
  egress: Egress,
  owner: { plugin: string; connectionId: string },
  tokens: TokenSource,
  options: ConnectionHttpOptions = {},
): ConnectionHttp {
  async function send(host: string, path: string, request: EgressRequest): Promise<EgressResponse> {
    const attempt = (value: string) =>
      egress.fetch(host, path, {
        ...request,
        token: { plugin: owner.plugin, value },
        subject: owner.connectionId,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.priority ? { priority: options.priority } : {}),
      });
    const value = await tokens.current();
    const first = await attempt(value);
    if (first.status !== 401) return first;
    const other = await tokens.renewed(value);
    return other === null ? first : attempt(other);
  }

  return {
    async getJson(host, path, { query } = {}) {
      const response = await send(host, path, { ...(query ? { query } : {}), headers: { accept: 'application/json' } });
      if (response.status < 200 || response.status > 299) throw failedAnswer(`GET ${host}${path}`, response);
      return jsonOf(response);
    },
    async request(host, path, { method, json, form }) {
      const response = await send(host, path, { method, ...bodyOf(json, form) });
      return { status: response.status, json: jsonOf(response) };
    },
  };
}

function bodyOf(json: unknown, form: { [key: string]: string } | undefined): Pick<EgressRequest, 'body' | 'headers'> {
  if (form) {
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    return { body: new URLSearchParams(form).toString(), headers };
  }
  if (json === undefined) return { headers: { accept: 'application/json' } };
  return { body: JSON.stringify(json), headers: { accept: 'application/json', 'content-type': 'application/json' } };
}

/** What a failed answer means where the adapter does not judge it itself; its status is in `details`. */
function failedAnswer(request: string, { status, retryAfterMs }: EgressResponse): HubError {
  const story = {
    what: `${request} failed.`,
    why: `The provider answered ${status}.`,
    details: { status, retryAfterMs },
  };
  if (status === 429) return new HubError('rate_limited', { ...story, fix: 'The hub tries again by itself.' });
  if (status >= 500 || status === 408)
    return new HubError('provider_unavailable', { ...story, fix: 'The hub tries again by itself.' });
  return new HubError('provider_rejected', {
    ...story,
    fix: 'See what the provider’s documentation says of this status.',
  });
}
