/** Connecting and disconnecting accounts, and what providers tell about them. */
import type { Pause } from '../egress/pause.ts';
import { HubError } from '../error/hub-error.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { JobHandler } from '../store/job-queue.ts';
import { AFTER_TASK, afterConnect, afterConnectJob } from './connect-after.ts';
import { type CallbackCaller, finishConnect } from './connect-callback.ts';
import { type ConnectionEnd, createConnectionEnd } from './connect-end.ts';
import { handover } from './connect-handover.ts';
import { setPermissions } from './connect-permissions.ts';
import { startConnect } from './connect-start.ts';
import { connectionView } from './connect-view.ts';
import type { ConnectionView, ConnectService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import type { TokenService } from './token-service.ts';

const END_TRIES = 5;

export interface ConnectParts
  extends Pick<HubParts, 'store' | 'queue' | 'plugins' | 'egress' | 'vault' | 'clock' | 'random' | 'log' | 'config'> {
  tokens: TokenService;
  /** Withdraws every claim of a connection; running it again does no harm. */
  withdraw(connection: ConnectionRow): Promise<void>;
  pause?: Pause;
}

export interface Connections {
  service: ConnectService;
  /** The provider ended every connection of the account. A second notice finds none. */
  deauthorised(plugin: string, identity: string): Promise<void>;
  /** The full new set of what the athlete allows at the provider. */
  permissionsChanged(plugin: string, identity: string, permissions: readonly string[]): Promise<void>;
  /** Handlers for the queue. */
  jobs: { [task: string]: JobHandler };
}

export function createConnectService(parts: ConnectParts): Connections {
  const { store, plugins } = parts;
  const endpoint = createTokenEndpoint(parts.egress);
  const ending = createConnectionEnd({ ...parts, endpoint });
  parts.tokens.watch({ revoked: ending.afterRevocation, orphaned: ending.drop });

  async function finish(
    provider: string,
    query: { readonly [name: string]: string },
    caller: CallbackCaller | null,
  ): Promise<ConnectionView> {
    const { row, identity } = await finishConnect({ ...parts, endpoint }, provider, query, caller);
    await afterConnect(parts, row, identity);
    return connectionView(plugins, row);
  }

  return {
    service: {
      start: (input) => startConnect({ ...parts, endpoint }, input),
      async callback(provider, query) {
        return (
          (await handover(parts, provider, query)) ?? {
            type: 'connected',
            connection: await finish(provider, query, null),
          }
        );
      },
      finish: ({ athleteId, clientId, provider, code, state }) =>
        finish(provider, { code, state }, { athleteId, clientId }),
      async list(athleteId) {
        return (await store.connectionsOf(athleteId)).map((row) => connectionView(plugins, row));
      },
      disconnect: (input) => disconnect(parts, ending, input),
      row: (connectionId) => store.connection(connectionId),
    },
    async deauthorised(plugin, identity) {
      for (const { connectionId } of await store.connectionsByIdentity(plugin, identity)) {
        await endWhile(parts, ending, connectionId, (row) => row.state === 'connected' && row.identity === identity, {
          state: 'revoked',
          reason: 'connection_revoked',
          actor: `provider:${plugin}`,
          action: 'connection_revoked',
          erase: false,
          tellProvider: false,
        });
      }
    },
    async permissionsChanged(plugin, identity, permissions) {
      for (const { connectionId } of await store.connectionsByIdentity(plugin, identity)) {
        await setPermissions(parts, connectionId, identity, permissions);
      }
    },
    jobs: {
      ...ending.jobs,
      [AFTER_TASK]: (job, signal) => afterConnectJob(parts, job, signal),
    },
  };
}

async function disconnect(
  parts: ConnectParts,
  ending: ConnectionEnd,
  { athleteId, connectionId, erase }: Parameters<ConnectService['disconnect']>[0],
): Promise<ConnectionView> {
  const ended = await endWhile(
    parts,
    ending,
    connectionId,
    (row) => row.athleteId === athleteId && (erase || row.state !== 'disconnected'),
    {
      state: 'disconnected',
      reason: null,
      actor: `athlete:${athleteId}`,
      action: 'connection_disconnected',
      erase,
      tellProvider: true,
    },
  );
  const row = ended ?? (await parts.store.connection(connectionId));
  if (row === null || row.athleteId !== athleteId) throw unknownConnection(connectionId);
  return connectionView(parts.plugins, row);
}

/** Ends the connection as it is now, looked at again when somebody changes it under our hands. */
async function endWhile(
  { store }: ConnectParts,
  ending: ConnectionEnd,
  connectionId: string,
  applies: (row: ConnectionRow) => boolean,
  how: Parameters<ConnectionEnd['end']>[1],
): Promise<ConnectionRow | null> {
  for (let tries = 0; tries < END_TRIES; tries += 1) {
    const row = await store.connection(connectionId);
    if (row === null || !applies(row)) return null;
    const ended = await ending.end(row, how);
    if (ended) return ended;
  }
  throw new HubError('conflict', {
    what: 'The connection was not ended.',
    why: 'Somebody else changed it at the same time, several times.',
    fix: 'Try again.',
  });
}

function unknownConnection(connectionId: string): HubError {
  return new HubError('connection_unknown', {
    what: `There is no connection ${connectionId}.`,
    why: 'This athlete has none of that id.',
    fix: '"GET /v1/connections" lists the connections of an athlete.',
  });
}
