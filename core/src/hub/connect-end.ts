/**
 * The end of a connection, by the athlete or by the provider. Its tokens are gone in the write that raises the
 * generation; what remains to do (erase, tell the provider) is a job, written before, so that no crash loses it.
 */
import type { TokenSet } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { JobHandler } from '../store/job-queue.ts';
import { codeOf, END_TASK, type EndParts, finishEnd, jobFor } from './connect-end-job.ts';
import { adapterOrNull } from './connect-view.ts';
import { openTokens } from './token-set.ts';

/** Time the write after the job may take; the job of a write that failed finds nothing to do. */
const WRITE_MS = 30_000;
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
    jobs: { [END_TASK]: (job, signal) => finishEnd(parts, job, signal) },
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
