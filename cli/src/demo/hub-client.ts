/** The athlete's own requests to the hub, over HTTP, as an app or a person with curl would make them. */
import { CATALOGUE, type ErrorCode, HubError } from '@coach-hub/core';

export interface HubClient {
  /** @throws HubError with the hub's own code and words when the answer is no success. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  bytes(path: string): Promise<Uint8Array>;
}

export interface HubClientOptions {
  url: string;
  token: string;
  headers?: { [name: string]: string };
  signal?: AbortSignal;
}

export function createHubClient({ url, token, headers = {}, signal }: HubClientOptions): HubClient {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers, authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    });
    if (!answer.ok) throw await refusalOf(answer, `${init.method ?? 'GET'} ${path}`);
    return answer;
  }

  return {
    get: async <T>(path: string) => (await (await request(path)).json()) as T,
    post: async <T>(path: string, body: object) => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return (await (await request(path, init)).json()) as T;
    },
    bytes: async (path) => new Uint8Array(await (await request(path)).arrayBuffer()),
  };
}

/** The hub answers with problem details; something in between may answer with anything. */
async function refusalOf(answer: Response, request: string): Promise<HubError> {
  const body: unknown = await answer.json().catch(() => null);
  const { code, detail, fix }: { [member: string]: unknown } =
    typeof body === 'object' && body !== null ? { ...body } : {};
  return new HubError(isCode(code) ? code : 'internal', {
    what: `${request} was answered ${answer.status}.`,
    why: typeof detail === 'string' ? detail : 'The answer gives no reason.',
    fix: typeof fix === 'string' ? fix : 'Look into the log of the hub.',
  });
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(CATALOGUE, code);
}
