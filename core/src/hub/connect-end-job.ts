/** What remains to do after a connection ended: erase what it said, and tell the provider. */
import { HubError } from '../error/hub-error.ts';
import type { TokenSet } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Job, JobPostponed, NewJob } from '../store/job-queue.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, type TokenEndpoint } from './token-endpoint.ts';
import { httpWith } from './token-http.ts';
import { memoryTokens } from './token-memory.ts';

export const END_TASK = 'connection.end';

/** New tokens a job may fetch for a provider that keeps failing, before it is given up. */
const MAX_RENEWALS = 5;

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

/** @param renewals part of the key: a job with newer tokens never replaces the one that still has to erase. */
export function jobFor(
  { vault }: EndParts,
  ended: ConnectionRow,
  tokens: TokenSet | null,
  erase: boolean,
  renewals = 0,
): NewJob {
  const { connectionId, athleteId, plugin, generation } = ended;
  const sealedTokens = tokens === null ? null : vault.seal(JSON.stringify(tokens), endBinding(ended));
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

/** What the tokens in the job's payload are sealed to. */
export function endBinding({ connectionId, athleteId }: Pick<EndPayload, 'connectionId' | 'athleteId'>): string {
  return `${END_TASK}:${connectionId}:${athleteId}`;
}

/** The job. A connection that lives again is left alone: ending its old authorisation could end the new one. */
export async function finishEnd(parts: EndParts, job: Job, signal: AbortSignal): Promise<JobPostponed | undefined> {
  const payload = job.payload as unknown as EndPayload;
  const row = await parts.store.connection(payload.connectionId);
  if (row === null || row.generation !== payload.generation || row.state === 'connected') return undefined;
  if (payload.erase) await parts.withdraw(row);
  if (payload.sealedTokens === null) return undefined;
  return revokeAtProvider(parts, row, payload, payload.sealedTokens, job, signal);
}

async function revokeAtProvider(
  parts: EndParts,
  row: ConnectionRow,
  payload: EndPayload,
  sealedTokens: string,
  job: Job,
  signal: AbortSignal,
): Promise<JobPostponed | undefined> {
  const provider = asOAuth(parts.plugins.provider(row.plugin));
  const session = memoryTokens(
    parts,
    provider,
    row,
    JSON.parse(parts.vault.open(sealedTokens, endBinding(payload))) as TokenSet,
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
      return undefined;
    }
    const wait = postponement(error);
    if (wait) return wait;
    if (isPassing && job.attempts < job.maxAttempts) throw error;
    await audit('provider_not_told', codeOf(error));
    parts.log.warn('provider could not be told of the end of a connection', {
      connectionId: row.connectionId,
      code: codeOf(error),
    });
    return undefined;
  }
  await audit('provider_told', null);
  return undefined;
}

/** Waiting for a budget is no failure: the job comes back when there is room. */
export function postponement(error: unknown): JobPostponed | null {
  const untilMs = error instanceof HubError && error.code === 'rate_limited' ? error.details.untilMs : undefined;
  return typeof untilMs === 'number' ? { postponeUntilMs: untilMs } : null;
}

/** An error as audit and log may name it. */
export function codeOf(error: unknown): string {
  return error instanceof HubError ? error.code : 'unknown';
}
