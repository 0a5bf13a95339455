/** One request to the hub, and what kind of answer came. Judging the answer is refusal.ts. */
import { PROTOCOL_VERSION, SCHEMA_VERSION, type SyncProblem, type SyncResponse } from '@coach-hub/core/wire';
import { utf8Length } from './utf8-length.ts';

/** The part of `fetch` the SDK uses. */
export type Fetch = (
  url: string,
  init: { method: string; headers: { [name: string]: string }; body: string; signal: AbortSignal },
) => Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>;

export type Answer =
  | { kind: 'ok'; body: SyncResponse; bytesReceived: number }
  | {
      kind: 'refused';
      status: number;
      problem: Partial<SyncProblem>;
      /** As sent: seconds, or a date. */
      retryAfter: string | null;
      bytesReceived: number;
    }
  /** What became of the request is unknown. */
  | { kind: 'unreachable'; cause: unknown };

export interface Envelope {
  url: string;
  token: string;
  clientId: string;
  signal: AbortSignal;
}

export async function post(fetch: Fetch, to: Envelope, body: string): Promise<Answer> {
  try {
    const response = await fetch(to.url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${to.token}`,
        'Content-Type': 'application/json',
        'Sync-Protocol': String(PROTOCOL_VERSION),
        'Sync-Client': to.clientId,
        'Sync-Schema': String(SCHEMA_VERSION),
      },
      body,
      signal: to.signal,
    });
    const text = await response.text();
    const { status } = response;
    const answer = parse(text);
    const bytesReceived = utf8Length(text);
    if (status !== 200) {
      return {
        kind: 'refused',
        status,
        problem: answer,
        retryAfter: response.headers.get('Retry-After'),
        bytesReceived,
      };
    }
    // A page of a hotel network is a 200 too. It is no JSON, or has no time.
    if (typeof answer.serverTime !== 'string') return { kind: 'unreachable', cause: new Error('No hub answered.') };
    return { kind: 'ok', body: answer as SyncResponse, bytesReceived };
  } catch (cause) {
    return { kind: 'unreachable', cause };
  }
}

/** Proxies answer in HTML; then the status alone speaks. */
function parse(text: string): Partial<SyncResponse & SyncProblem> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
