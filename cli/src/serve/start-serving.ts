/** `coach serve`: port, hub, server, in this order, and all of it closed again when one of them fails. */
import { type Hub, HubError, type Log, type PluginInfo } from '@coach-hub/core';
import { openHubOf } from '../project/open-project.ts';
import { type Project, type ProjectFlags, readProject } from '../project/read-project.ts';
import { withKeys } from '../project/with-keys.ts';
import type { World } from '../world.ts';
import { openDoor } from './door.ts';
import { serverOf } from './server-of.ts';

/** What is printed when the server is ready. */
export interface ServeReport {
  url: string;
  publicUrl: string | null;
  data: string;
  plugins: Pick<PluginInfo, 'id' | 'displayName' | 'state' | 'reason'>[];
  /** Loopback addresses the hub may reach, which only demos and tests need. */
  loopback: string[];
}

export interface Serving {
  report: ServeReport;
  log: Log;
  /** Lets running requests and jobs finish, then closes the database. */
  close(): Promise<void>;
}

export async function startServing(world: World, flags: ProjectFlags): Promise<Serving> {
  const { project } = await withKeys(world, flags, { create: true });
  const ports = world.ports('info');
  const door = await openDoor(project.config);
  try {
    const hub = await openHubOf(project, ports, { migrate: true });
    door.open(serverOf(hub, project, ports));
    hub.start();
    const endListening = world.onHangup(() => void readKeysAgain(world, flags, hub, ports.log));
    return {
      report: reportOf(project, hub, door.url),
      log: ports.log,
      async close() {
        ports.log.info('stopping');
        endListening();
        await door.close();
        await hub.close();
        ports.log.info('stopped');
      },
    };
  } catch (error) {
    await door.close();
    throw error;
  }
}

/** SIGHUP: a key that was added to the key file, or dropped from it, counts from now on. Nothing else is read again. */
async function readKeysAgain(world: World, flags: ProjectFlags, hub: Hub, log: Log): Promise<void> {
  try {
    const { secrets } = await readProject(world, flags);
    await hub.keys.use(secrets.vaultKeys);
  } catch (error) {
    log.error('the keys could not be read again; those from before count', {
      error: error instanceof HubError ? error.message : String(error),
    });
  }
}

export function reportOf({ config, data }: Pick<Project, 'config' | 'data'>, hub: Hub, url: string): ServeReport {
  return {
    url,
    publicUrl: config.publicUrl,
    data: data.folder ?? data.url.replace(/:\/\/.*@/, '://…@'),
    plugins: hub.plugins.list().map(({ id, displayName, state, reason }) => ({ id, displayName, state, reason })),
    loopback: config.egress.loopback,
  };
}
