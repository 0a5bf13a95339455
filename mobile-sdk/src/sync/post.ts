/** One request to the hub, and what came back. Judging the answer is refusal.ts. */
import { PROTOCOL_VERSION, SCHEMA_VERSION, type SyncProblem, type SyncResponse } from '@coach-hub/core/wire';
import { utf8Length } from './utf8-length.ts';

/** The part of `fetch` the SDK uses. */
export type Fetch = (
  url: string,
  init: { method: string; headers: { [name: string]: string }; body?: string; signal: AbortSignal },
) => Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>;

export interface Answer {
  /** 0 when no answer of a hub came, so that what became of the request is unknown. */
  status: number;
  /** With 200 a `SyncResponse`, else a `SyncProblem` as far as it could be read. */
  body: Partial<SyncResponse & SyncProblem>;
  /** As sent: seconds, or a date. */
  retryAfter: string | null;
  bytesReceived: number;
  cause?: unknown;
}

export interface Envelope {
  url: string;
  token: string;
  clientId: string;
  signal: AbortSignal;
}

export async function post(fetch: Fetch, { url, token, clientId, signal }: Envelope, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Sync-Protocol': `${PROTOCOL_VERSION}`,
        'Sync-Client': clientId,
        'Sync-Schema': `${SCHEMA_VERSION}`,
      },
      body,
      signal,
    });
    const text = await response.text();
    const answer = parse(text);
    // A page of a hotel network is a 200 too. It is no JSON, or has no time.
    const status = response.status === 200 && !answer.serverTime ? 0 : response.status;
    return { status, body: answer, retryAfter: response.headers.get('Retry-After'), bytesReceived: utf8Length(text) };
  } catch (cause) {
    return { status: 0, body: {}, retryAfter: null, bytesReceived: 0, cause };
  }
}

/** Proxies answer in HTML; then the status alone speaks. */
function parse(text: string): Answer['body'] {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
