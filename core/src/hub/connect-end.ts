/**
 * The end of a connection, by the athlete or by the provider. Its tokens are gone in the write that raises the
 * generation; what remains to do (erase, tell the provider) is a job, written before, so that no crash loses it.
 */
import { HubError } from '../error/hub-error.ts';
import type { TokenSet } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Job, JobHandler, NewJob } from '../store/job-queue.ts';
import { adapterOrNull } from './connect-view.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, type TokenEndpoint } from './token-endpoint.ts';
import { httpWith } from './token-http.ts';
import { memoryTokens } from './token-memory.ts';
import { openTokens } from './token-set.ts';

export const END_TASK = 'connection.end';

/** Time the write after the job may take; the job of a write that failed finds nothing to do. */
const WRITE_MS = 30_000;
/** New tokens a job may fetch for a provider that keeps failing, before it is given up. */
const MAX_RENEWALS = 5;

export interface Ending {
  state: 'disconnected' | 'revoked';
  /** Error code, for the athlete's list. */
  reason: string | null;
  actor: string;
  action: string;
  /** Withdraw what the connection said. The provider's policy may demand it in any case. */
  erase: boolean;
  /** End the authorisation at the provider too. */
  tellProvider: boolean;
}

/** Payload of the job. Tokens are sealed and bound to it; they are not in the row any more. */
interface EndPayload {
  connectionId: string;
  athleteId: string;
  plugin: string;
  /** The generation the end raised. A connection that moved on is somebody else's. */
  generation: number;
  sealedTokens: string | null;
  erase: boolean;
  renewals: number;
}

export interface EndParts extends Pick<HubParts, 'store' | 'queue' | 'plugins' | 'egress' | 'vault' | 'clock' | 'log'> {
  endpoint: TokenEndpoint;
  /** Withdraws every claim of the connection. Running it again does no harm. */
  withdraw(connection: ConnectionRow): Promise<void>;
}

export interface ConnectionEnd {
  /** @returns the ended row; null when the connection changed meanwhile and must be looked at anew. */
  end(row: ConnectionRow, ending: Ending): Promise<ConnectionRow | null>;
  /** For a connection that ended on another way: erases where the provider's policy demands it. */
  afterRevocation(ended: ConnectionRow): Promise<void>;
  /** Tokens that came too late for a connection: their authorisation is ended. */
  drop(row: ConnectionRow, tokens: TokenSet): Promise<void>;
  jobs: { [task: string]: JobHandler };
}

export function createConnectionEnd(parts: EndParts): ConnectionEnd {
  const { store, queue, clock } = parts;

  async function end(row: ConnectionRow, ending: Ending): Promise<ConnectionRow | null> {
    const { state, reason } = ending;
    const ended: ConnectionRow = {
      ...row,
      state,
      reason,
      generation: row.generation + 1,
      sealedTokens: null,
      tokenExpiresAtMs: null,
    };
    const erase = ending.erase || mustErase(parts, row);
    const tokens = ending.tellProvider ? tokensToRevoke(parts, row) : null;
    const job = erase || tokens ? jobFor(parts, ended, tokens, erase) : null;
    if (job) await queue.enqueue([{ ...job, runAtMs: clock.now() + WRITE_MS }]);
    if (!(await store.saveConnection(ended, row.generation))) return null;
    const { connectionId, athleteId, plugin } = row;
    await store.audit({
      atMs: clock.now(),
      athleteId,
      actor: ending.actor,
      action: ending.action,
      params: { connectionId, plugin, erase },
    });
    parts.log.info('connection ended', { connectionId, plugin, state, erase });
    if (job) await queue.enqueue([job]);
    // At once for who asked for it; should it fail, the job does it again.
    if (ending.erase) await eraseNow(parts, ended);
    return ended;
  }

  return {
    end,
    async afterRevocation(ended) {
      if (mustErase(parts, ended)) await queue.enqueue([jobFor(parts, ended, null, true)]);
    },
    async drop(row, tokens) {
      const { generation } = (await store.connection(row.connectionId)) ?? row;
      await queue.enqueue([jobFor(parts, { ...row, generation }, tokens, false, 1)]);
    },
    jobs: { [END_TASK]: (job, signal) => finish(parts, job, signal) },
  };
}

async function eraseNow({ withdraw, log }: EndParts, ended: ConnectionRow): Promise<void> {
  try {
    await withdraw(ended);
  } catch (error) {
    log.warn('erasing is tried again', { connectionId: ended.connectionId, code: codeOf(error) });
  }
}

function mustErase({ plugins }: EndParts, { plugin }: ConnectionRow): boolean {
  return adapterOrNull(plugins, plugin)?.policy.deleteOnDisconnect ?? false;
}

/** Null where there is nothing to tell the provider, or no way to. */
function tokensToRevoke(parts: EndParts, row: ConnectionRow): TokenSet | null {
  const auth = adapterOrNull(parts.plugins, row.plugin)?.auth;
  if (auth?.type !== 'oauth2' || !auth.revoke) return null;
  try {
    return openTokens(parts.vault, row);
  } catch (error) {
    // A lost key must not keep an athlete connected.
    parts.log.error('tokens do not open, so the provider is not told', {
      connectionId: row.connectionId,
      code: codeOf(error),
    });
    return null;
  }
}

function jobFor(
  { vault }: EndParts,
  ended: ConnectionRow,
  tokens: TokenSet | null,
  erase: boolean,
  renewals = 0,
): NewJob {
  const { connectionId, athleteId, plugin, generation } = ended;
  const sealedTokens = tokens === null ? null : vault.seal(JSON.stringify(tokens), bindingOf(ended));
  const payload: EndPayload & { [key: string]: string | number | boolean | null } = {
    connectionId,
    athleteId,
    plugin,
    generation,
    sealedTokens,
    erase,
    renewals,
  };
  return {
    task: END_TASK,
    payload,
    key: `${END_TASK}:${connectionId}:${generation}:${renewals}`,
    lane: `connection:${connectionId}`,
  };
}

function bindingOf({ connectionId, athleteId }: Pick<EndPayload, 'connectionId' | 'athleteId'>): string {
  return `${END_TASK}:${connectionId}:${athleteId}`;
}

/** The job. A connection that lives again is left alone: ending its old authorisation could end the new one. */
async function finish(parts: EndParts, job: Job, signal: AbortSignal): Promise<undefined> {
  const payload = job.payload as unknown as EndPayload;
  const row = await parts.store.connection(payload.connectionId);
  if (row === null || row.generation !== payload.generation || row.state === 'connected') return undefined;
  if (payload.erase) await parts.withdraw(row);
  if (payload.sealedTokens !== null) await revokeAtProvider(parts, row, payload, payload.sealedTokens, job, signal);
  return undefined;
}

async function revokeAtProvider(
  parts: EndParts,
  row: ConnectionRow,
  payload: EndPayload,
  sealedTokens: string,
  job: Job,
  signal: AbortSignal,
): Promise<void> {
  const provider = asOAuth(parts.plugins.provider(row.plugin));
  const session = memoryTokens(
    parts,
    provider,
    row,
    JSON.parse(parts.vault.open(sealedTokens, bindingOf(payload))) as TokenSet,
  );
  const audit = (action: string, code: string | null) =>
    parts.store.audit({
      atMs: parts.clock.now(),
      athleteId: row.athleteId,
      actor: 'hub',
      action,
      params: { connectionId: row.connectionId, plugin: row.plugin, code },
    });
  try {
    await provider.adapter.auth.revoke?.(httpWith(parts.egress, row, session, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    const isPassing = !(error instanceof HubError) || error.retry === 'later';
    if (isPassing && session.hasChanged() && payload.renewals < MAX_RENEWALS) {
      // The tokens in this job's payload are spent; only a job with the new ones can go on.
      await parts.queue.enqueue([jobFor(parts, row, session.tokens(), false, payload.renewals + 1)]);
      return;
    }
    if (isPassing && job.attempts < job.maxAttempts) throw error;
    await audit('provider_not_told', codeOf(error));
    parts.log.warn('provider could not be told of the end of a connection', {
      connectionId: row.connectionId,
      code: codeOf(error),
    });
    return;
  }
  await audit('provider_told', null);
}

function codeOf(error: unknown): string {
  return error instanceof HubError ? error.code : 'unknown';
}
