/** A hub's connect and token services for the plugin `stride`, against a vendor on loopback. */
import { randomBytes, randomUUID } from 'node:crypto';
import { recordingLog } from '../egress/egress.test-support.ts';
import { createEgress } from '../egress/egress.ts';
import { createHostTable } from '../egress/hosts.ts';
import type { LoadedPlugins, LoadedProvider } from '../plugin/load-plugins.ts';
import type { OAuthAdapter } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Job, NewJob } from '../store/job-queue.ts';
import { generateKey } from '../vault/key.ts';
import { createVault } from '../vault/vault.ts';
import { type ConnectParts, createConnectService } from './connect-service.ts';
import { type MemoryConnectionStore, memoryConnectionStore } from './connect-store.test-support.ts';
import type { OAuthVendor } from './connect-vendor.test-support.ts';
import { createTokenService, type TokenParts } from './token-service.ts';

export const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => 0.5,
  uuid: () => randomUUID(),
};
const KEY = generateKey(random);

export function strideAuth(more: Partial<OAuthAdapter> = {}): OAuthAdapter {
  return {
    type: 'oauth2',
    endpoints: { authorize: { host: 'stride.api', path: '/auth' }, token: { host: 'stride.api', path: '/token' } },
    pkce: true,
    clientAuth: 'body',
    scopes: ['openid'],
    scopeSeparator: ' ',
    lifecycle: 'strictly_rotating',
    expiryMarginS: 60,
    codeTtlS: 60,
    async resolveIdentity(http) {
      const me = (await http.getJson('stride.api', '/me')) as { sub: string };
      return { identity: me.sub, permissions: (await http.getJson('stride.api', '/permissions')) as string[] };
    },
    async revoke(http) {
      const { status } = await http.request('stride.api', '/registration', { method: 'DELETE' });
      if (status !== 204) throw Object.assign(new Error(`answered ${status}`));
    },
    classifyRefreshFailure(status, body) {
      const error = (body as { error?: string } | null)?.error;
      if (error === 'invalid_grant') return 'revoked';
      return error === 'invalid_client' || status === 401 ? 'misconfigured' : 'transient';
    },
    ...more,
  };
}

function stridePlugins(
  auth: OAuthAdapter,
  config: { [key: string]: string },
  deleteOnDisconnect: boolean,
): LoadedPlugins {
  const stream = (permission: string | null) => ({ acquisition: new Set(['inline_push']), permission });
  const adapter = {
    id: 'stride',
    displayName: 'Stride',
    auth,
    policy: { deleteOnDisconnect },
    streams: { runs: stream('ACTIVITIES'), sleep: stream('SLEEP'), profile: stream(null) },
  };
  const stride = { id: 'stride', adapter, config } as unknown as LoadedProvider;
  return {
    provider(id: string) {
      if (id === 'stride') return stride;
      throw new Error(`plugin_unknown ${id}`);
    },
  } as unknown as LoadedPlugins;
}

/** A queue that runs what is due when told to. */
export function testQueue(now: () => number) {
  const jobs: NewJob[] = [];
  return {
    jobs,
    async enqueue(added: NewJob[]) {
      for (const job of added) {
        const same = job.key ? jobs.find(({ key }) => key === job.key) : undefined;
        if (same) Object.assign(same, job, { runAtMs: Math.min(same.runAtMs ?? now(), job.runAtMs ?? now()) });
        else jobs.push({ ...job, runAtMs: job.runAtMs ?? now() });
      }
    },
    /** Runs every due job once; one that fails is answered with its error. */
    async run(
      handlers: { [task: string]: (job: Job, signal: AbortSignal) => Promise<unknown> },
      attempts = 1,
    ): Promise<unknown[]> {
      const due = jobs.filter(({ runAtMs }) => (runAtMs ?? 0) <= now());
      for (const job of due) jobs.splice(jobs.indexOf(job), 1);
      const outcomes: unknown[] = [];
      for (const { task, payload, key = null, lane = null } of due) {
        const job: Job = {
          id: 1,
          task,
          payload: JSON.parse(JSON.stringify(payload)),
          key,
          lane,
          attempts,
          maxAttempts: 8,
        };
        const run =
          handlers[task]?.(job, new AbortController().signal) ?? Promise.reject(new Error(`no handler for ${task}`));
        outcomes.push(
          await run.then(
            (answer) => answer ?? 'done',
            (error: unknown) => error,
          ),
        );
      }
      return outcomes;
    },
  };
}

export interface TestClock {
  ms: number;
  now(): number;
}

/** Begins at the real time, because the vendor keeps it too; moves only when told. */
export function testClock(): TestClock {
  const clock: TestClock = { ms: Date.now(), now: () => clock.ms };
  return clock;
}

export interface TestHubOptions {
  auth?: Partial<OAuthAdapter>;
  config?: { [key: string]: string };
  publicUrl?: string | null;
  /** None by default: accounts are connected in the browser. */
  returnUrls?: string[];
  deleteOnDisconnect?: boolean;
  store?: MemoryConnectionStore;
  clock?: TestClock;
  /** Called with the row that is erased. */
  withdraw?: (row: ConnectionRow) => Promise<void>;
}

export function testHub(vendor: OAuthVendor, options: TestHubOptions = {}) {
  const clock = options.clock ?? testClock();
  const store = options.store ?? memoryConnectionStore();
  const { log, lines } = recordingLog();
  const queue = testQueue(() => clock.ms);
  const withdrawn: ConnectionRow[] = [];
  const config = options.config ?? { clientId: 'stride-app', clientSecret: 'stride-secret' };
  const parts = {
    store,
    queue,
    plugins: stridePlugins(strideAuth(options.auth), config, options.deleteOnDisconnect ?? false),
    egress: createEgress({
      hosts: createHostTable({
        plugins: [{ id: 'stride', hosts: { 'stride.api': 'https://api.stride.test' } }],
        mapping: { 'stride.api': vendor.url },
      }),
      loopback: [vendor.pair],
      clock,
      random,
      log,
      pause: async () => {},
    }),
    vault: createVault([KEY], { random }),
    clock,
    random,
    log,
    config: {
      publicUrl: options.publicUrl === undefined ? 'http://127.0.0.1:4270/' : options.publicUrl,
      returnUrls: options.returnUrls ?? [],
    },
    pause: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
    withdraw: options.withdraw ?? (async (row: ConnectionRow) => void withdrawn.push(row)),
  };
  const tokens = createTokenService(parts as unknown as TokenParts);
  const connect = createConnectService({ ...parts, tokens } as unknown as ConnectParts);

  /** The whole way: start, consent, callback. */
  async function connectAs(athleteId: string) {
    const started = await connect.service.start({ athleteId, clientId: 'phone', provider: 'stride', returnUrl: null });
    const done = await connect.service.callback('stride', await vendor.consent(started.authorizeUrl));
    const row = done.type === 'connected' ? await store.connection(done.connection.connectionId) : null;
    if (!row) throw new Error('the connection was not saved');
    return row;
  }

  return {
    store,
    queue,
    clock,
    lines,
    withdrawn,
    tokens,
    connect,
    connectAs,
    vault: parts.vault,
    egress: parts.egress,
  };
}

/** First step alone; by default no app waits. */
export function startConnection(
  hub: ReturnType<typeof testHub>,
  athleteId = 'ann',
  returnUrl: string | null = null,
  clientId: string | null = 'phone',
) {
  return hub.connect.service.start({ athleteId, clientId, provider: 'stride', returnUrl });
}
