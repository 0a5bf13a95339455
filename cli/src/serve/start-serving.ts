/** `coach serve`: port, hub, server, in this order, and all of it closed again when one of them fails. */
import { failureReport, type Hub, type Log, type PluginInfo } from '@coach-hub/core';
import { createPrometheus } from '@coach-hub/server';
import { hideSecrets } from '../log/hide-secrets.ts';
import { secretsOf } from '../log/secrets-of.ts';
import { openHubOf } from '../project/open-project.ts';
import { type Project, type ProjectFlags, readProject } from '../project/read-project.ts';
import { shownUrl } from '../project/shown-url.ts';
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
  /** Says that it is going, lets running requests and jobs finish, then closes the database. */
  close(): Promise<void>;
}

/** @param version of Coach Hub, for `/metrics`. */
export async function startServing(world: World, flags: ProjectFlags, version: string): Promise<Serving> {
  const { project } = await withKeys(world, flags, { create: true });
  const ports = world.ports('info', secretsOf(project.secrets));
  world.onCrash((error) => ports.log.error('the hub crashed', { error: failureReport(error) }));
  const { host, port, drain } = project.config;
  const { headersTimeoutMs, requestTimeoutMs } = project.config.limits;
  const door = await openDoor({
    host,
    port,
    headersTimeoutMs,
    requestTimeoutMs,
    noticeMs: drain.noticeMs,
    closeAfterMs: drain.requestsMs,
  });
  try {
    const metrics = await createPrometheus({ version });
    const hub = await openHubOf(project, ports, { migrate: true, meter: metrics.meter });
    door.open(serverOf(hub, project, ports, metrics));
    hub.start();
    const endListening = world.onHangup(() => void readKeysAgain(world, flags, hub, ports.log));
    return {
      report: reportOf(project, hub, door.url),
      log: ports.log,
      async close() {
        ports.log.info('stopping');
        endListening();
        await door.close();
        await hub.close({ workMs: drain.workMs });
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
      error: failureReport(error),
    });
  }
}

export function reportOf(
  { config, databaseUrl, secrets }: Pick<Project, 'config' | 'databaseUrl' | 'secrets'>,
  hub: Hub,
  url: string,
): ServeReport {
  // A plugin that does not load says why in its own words.
  const hide = hideSecrets(secretsOf(secrets));
  return {
    url,
    publicUrl: config.publicUrl,
    data: shownUrl(databaseUrl),
    plugins: hub.plugins.list().map(({ id, displayName, state, reason }) => ({
      id,
      displayName,
      state,
      reason: reason === null ? null : hide(reason),
    })),
    loopback: config.egress.loopback,
  };
}
