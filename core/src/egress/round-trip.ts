/** A request with its retries and redirects: each attempt is budgeted, each hop is checked. */

import { HubError } from '../error/hub-error.ts';
import type { Log } from '../hub/log.ts';
import type { Clock, Random } from '../hub/ports.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Agents } from './agents.ts';
import type { HostEntry } from './hosts.ts';
import type { Pause } from './pause.ts';
import { refused, shown } from './refusals.ts';
import type { EgressRequest, EgressResponse, EgressToken } from './request.ts';
import { isPassing, LONGEST_WAIT_MS, retryAfterMs, retryDelayMs } from './retry.ts';
import { send } from './send.ts';
import type { Target } from './target.ts';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
/** A timer may end a moment before the clock says so; an attempt that comes too early is refused by our own budget. */
const CLOCK_SLACK_MS = 20;
/** Headers the connection or the token decides; a caller that sets one is wrong about who does what. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'cookie',
  'connection',
  'content-length',
  'transfer-encoding',
]);

export interface RoundTripParts {
  clock: Clock;
  random: Pick<Random, 'next'>;
  log: Log;
  meter: Meter;
  pause: Pause;
  agents: Agents;
  takeBudget(entry: HostEntry, request: EgressRequest): Promise<void>;
  learn(entry: HostEntry, request: EgressRequest, response: EgressResponse): Promise<void>;
  redirectTarget(address: string, allowedHosts: readonly string[]): Target;
}

export type RoundTrip = (
  target: Target,
  request: EgressRequest,
  allowedHosts: readonly string[],
) => Promise<EgressResponse>;

export function createRoundTrip(parts: RoundTripParts): RoundTrip {
  return async (first, request, allowedHosts) => {
    let target = first;
    for (let left = request.redirects ?? 0; ; left -= 1) {
      const response = await withRetries(parts, target, request);
      const location = redirectOf(response);
      if (location === null) return response;
      const what = `${shown(request.method ?? 'GET', target.url)} was redirected.`;
      if (left <= 0) throw refused(what, 'This request follows no redirect.');
      if (!isRepeatable(request)) throw refused(what, 'Only GET and HEAD may be sent on.');
      if (!URL.canParse(location, target.url.href)) throw refused(what, 'The new address cannot be read.');
      target = parts.redirectTarget(new URL(location, target.url).href, allowedHosts);
    }
  };
}

async function withRetries(parts: RoundTripParts, target: Target, request: EgressRequest): Promise<EgressResponse> {
  const retries = retriesOf(request);
  for (let attempt = 0; ; attempt += 1) {
    const last = attempt >= retries;
    try {
      const response = await attemptOnce(parts, target, request, attempt);
      if (last || !isPassing(response.status)) return response;
      if ((response.retryAfterMs ?? 0) > LONGEST_WAIT_MS) return response;
      const asked = response.retryAfterMs === null ? 0 : response.retryAfterMs + CLOCK_SLACK_MS;
      await parts.pause(asked + retryDelayMs(attempt + 1, parts.random.next()), request.signal);
    } catch (error) {
      if (last || !(error instanceof HubError) || error.code !== 'provider_unavailable') throw error;
      await parts.pause(retryDelayMs(attempt + 1, parts.random.next()), request.signal);
    }
  }
}

async function attemptOnce(
  parts: RoundTripParts,
  { entry, url }: Target,
  request: EgressRequest,
  attempt: number,
): Promise<EgressResponse> {
  const { address, headers } = withToken(entry, url, headersOf(request), request.token);
  await parts.takeBudget(entry, request);
  const method = request.method ?? 'GET';
  const startedMs = parts.clock.now();
  const told = (status: string) => {
    parts.meter.count('coach_egress_requests_total', { plugin: entry.plugin, status });
    const seconds = (parts.clock.now() - startedMs) / 1_000;
    parts.meter.observe('coach_egress_duration_seconds', { plugin: entry.plugin }, seconds);
  };
  const answer = await send({
    url: address,
    agent: parts.agents.of(entry.origin, retriesOf(request) > 0),
    method,
    headers,
    body: request.body ?? null,
    maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
    timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    signal: request.signal,
  }).catch((error: unknown) => {
    told('none');
    throw error;
  });
  told(String(answer.status));
  const nowMs = parts.clock.now();
  const response = { ...answer, retryAfterMs: retryAfterMs(answer.headers['retry-after'], nowMs) };
  parts.log.debug('provider answered', {
    plugin: entry.plugin,
    request: shown(method, url),
    status: response.status,
    bytes: response.body.length,
    attempt,
    durationMs: nowMs - startedMs,
  });
  await parts.learn(entry, request, response);
  return response;
}

function headersOf(request: EgressRequest): { [name: string]: string } {
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const own = given.find(([name]) => OWN_HEADERS.has(name));
  if (own) {
    throw refused('A request was not made.', `It sets the header "${own[0]}" itself; credentials go in \`token\`.`);
  }
  const headers: { [name: string]: string } = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'coach-hub' };
  for (const [name, value] of given) headers[name] = value;
  if (request.body) headers['content-length'] = String(Buffer.byteLength(request.body));
  return headers;
}

/** Adds the credential, after making sure that the host is its own plugin's. */
function withToken(
  entry: HostEntry,
  url: URL,
  headers: { [name: string]: string },
  token: EgressToken | undefined,
): { address: URL; headers: { [name: string]: string } } {
  if (!token) return { address: url, headers };
  if (token.plugin !== entry.plugin) {
    throw refused(
      `A request to ${entry.name} was not made.`,
      `It carries a token of ${token.plugin}, whose host this is not.`,
    );
  }
  const place = token.place ?? { in: 'header', name: 'authorization', scheme: 'Bearer' };
  if (place.in === 'query') {
    const address = new URL(url);
    address.searchParams.set(place.name, token.value);
    return { address, headers };
  }
  const value = place.scheme === undefined ? token.value : `${place.scheme} ${token.value}`;
  return { address: url, headers: { ...headers, [place.name.toLowerCase()]: value } };
}

function retriesOf(request: EgressRequest): number {
  return isRepeatable(request) ? (request.retries ?? DEFAULT_RETRIES) : 0;
}

function isRepeatable({ method = 'GET' }: EgressRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function redirectOf({ status, headers }: EgressResponse): string | null {
  const isRedirect = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  return isRedirect ? (headers.location ?? null) : null;
}
