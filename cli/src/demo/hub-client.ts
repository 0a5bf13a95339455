/** The athlete's own requests to the hub, over HTTP, as an app or a person with curl would make them. */
export interface HubClient {
  /** @throws Error with the hub's own words when the answer is no success. */
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
    if (!answer.ok)
      throw new Error(`${init.method ?? 'GET'} ${path} was answered ${answer.status}: ${await detailOf(answer)}`);
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

async function detailOf(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => null);
  const detail = typeof problem === 'object' && problem !== null && 'detail' in problem ? problem.detail : null;
  return typeof detail === 'string' ? detail : 'no reason given';
}
