/** What a provider wants done once an account is connected. Repeating it does no harm. */
import { HubError } from '../error/hub-error.ts';
import type { ConnectedIdentity } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Job, JobPostponed } from '../store/job-queue.ts';
import { postponement } from './connect-end-job.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth } from './token-endpoint.ts';
import type { TokenService } from './token-service.ts';

export const AFTER_TASK = 'connection.after';

export type AfterParts = Pick<HubParts, 'store' | 'queue' | 'plugins' | 'log'> & { tokens: TokenService };

interface AfterPayload {
  connectionId: string;
  generation: number;
  permissions: string[];
}

/** Registrations at the provider: at once where possible, else by the queue; the athlete is connected either way. */
export async function afterConnect(parts: AfterParts, row: ConnectionRow, identity: ConnectedIdentity): Promise<void> {
  const { auth } = asOAuth(parts.plugins.provider(row.plugin)).adapter;
  if (!auth.afterConnect) return;
  try {
    await auth.afterConnect(parts.tokens.connectionHttp(row), identity);
  } catch (error) {
    const { connectionId, generation } = row;
    parts.log.warn('registration after connecting is tried again', {
      connectionId,
      code: error instanceof HubError ? error.code : null,
    });
    const payload = { connectionId, generation, permissions: identity.permissions };
    await parts.queue.enqueue([{ task: AFTER_TASK, payload, key: `${AFTER_TASK}:${connectionId}:${generation}` }]);
  }
}

export async function afterConnectJob(
  parts: AfterParts,
  job: Job,
  signal: AbortSignal,
): Promise<JobPostponed | undefined> {
  const payload = job.payload as unknown as AfterPayload;
  const row = await parts.store.connection(payload.connectionId);
  if (row?.generation !== payload.generation || row.state !== 'connected' || row.identity === null) return undefined;
  const { auth } = asOAuth(parts.plugins.provider(row.plugin)).adapter;
  const identity = { identity: row.identity, permissions: payload.permissions };
  try {
    await auth.afterConnect?.(parts.tokens.connectionHttp(row, { signal }), identity);
    return undefined;
  } catch (error) {
    const wait = postponement(error);
    if (wait) return wait;
    throw error;
  }
}
