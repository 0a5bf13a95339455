/** Puts a hub together from configuration: plugins found, store opened, services wired. The one composition root. */
import { createEgress } from '../egress/egress.ts';
import type { Resolve } from '../egress/guard.ts';
import { createHostTable } from '../egress/hosts.ts';
import { HubError } from '../error/hub-error.ts';
import { type Meter, silentMeter } from '../metrics/meter.ts';
import { createAdapterPool } from '../plugin/adapter-pool.ts';
import { discoverPlugins } from '../plugin/discover.ts';
import { type LoadedPlugins, loadPlugins } from '../plugin/load-plugins.ts';
import type { OpenedStore } from '../store/opened-store.ts';
import { createVault } from '../vault/vault.ts';
import type { HubConfig, HubSecrets } from './config.ts';
import { createHub } from './create-hub.ts';
import { databaseUrl } from './database-url.ts';
import type { Hub } from './hub.ts';
import type { Log } from './log.ts';
import type { Clock, Random } from './ports.ts';

export interface OpenHubOptions {
  config: HubConfig;
  secrets: HubSecrets;
  /** Folder whose package.json names the plugins. */
  projectDir: string;
  /** `--plugin PATH`, as given. */
  pluginFlags: string[];
  /** Packages whose dependencies count too, where the project itself names no plugin of that id. */
  fallbackDirs?: string[];
  clock: Clock;
  random: Random;
  log: Log;
  /** Where the hub tells what it counts. Default: nowhere. */
  meter?: Meter;
  /** Applies pending migrations first; else a database with pending ones is refused. */
  migrate: boolean;
  /** Export conditions plugins are resolved with; tests add the one that leads to sources. */
  conditions?: string[];
  /** How names of other machines are looked up. Default: as the system does. */
  resolve?: Resolve;
  /** The built worker, where it is not beside this file. */
  adapterWorkerUrl?: URL | null;
}

/** Longest a plugin may take to load, ms. */
const PLUGIN_LOAD_MS = 15_000;

function noStore(url: string, plugins: LoadedPlugins): HubError {
  const found = plugins.infos.filter((info) => info.kinds.includes('store')).map((info) => info.id);
  return new HubError('config_invalid', {
    what: `No plugin opens the database "${url.replace(/:\/\/.*@/, '://…@')}".`,
    why: found.length === 0 ? 'No store plugin was found.' : `The store plugins found are: ${found.join(', ')}.`,
    fix: 'Correct "db" or "data", or add the plugin for that database to the project.',
  });
}

async function refusePending({ store }: OpenedStore): Promise<void> {
  const pending = (await store.migrationStatus()).filter(({ appliedAt }) => appliedAt === null);
  if (pending.length === 0) return;
  throw new HubError('database_outdated', {
    what: 'The database was not opened.',
    why: `${pending.length} migrations are pending, from ${pending[0]?.name} on.`,
    fix: 'Run "coach db migrate".',
  });
}

async function openStore(options: OpenHubOptions, plugins: LoadedPlugins): Promise<OpenedStore> {
  const { config, clock, random, log } = options;
  const url = databaseUrl(config);
  const plugin = plugins.stores().find((candidate) => candidate.opens(url));
  if (plugin === undefined) throw noStore(url, plugins);
  const opened = await plugin.open({ url, now: () => clock.now(), random: () => random.next(), log });
  try {
    if (options.migrate) await opened.store.migrate();
    else await refusePending(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

/** Finds and loads the plugins of a project, without opening anything. */
export async function openPlugins(
  options: Pick<
    OpenHubOptions,
    'config' | 'secrets' | 'projectDir' | 'pluginFlags' | 'log' | 'conditions' | 'fallbackDirs'
  >,
): Promise<LoadedPlugins> {
  const { config, secrets, projectDir, pluginFlags, log, conditions, fallbackDirs } = options;
  const found = await discoverPlugins({ projectDir, configured: config.plugins, flags: pluginFlags, fallbackDirs });
  return loadPlugins(found, {
    configFor: (id) => ({ values: config.pluginConfig[id] ?? {}, secrets: secrets.plugins[id] ?? {} }),
    log,
    timeoutMs: PLUGIN_LOAD_MS,
    conditions,
  });
}

/** @throws HubError `key_missing`, `config_invalid`, `database_too_new`, `plugin_duplicate`. */
export async function openHub(options: OpenHubOptions): Promise<Hub> {
  const { config, secrets, clock, random, log, meter = silentMeter } = options;
  const vault = createVault(secrets.vaultKeys, { random });
  const plugins = await openPlugins(options);
  const providers = plugins.providers();
  const egress = createEgress({
    hosts: createHostTable({
      plugins: providers.map(({ adapter }) => ({ id: adapter.id, hosts: adapter.hosts })),
      mapping: config.egress.hosts,
    }),
    loopback: config.egress.loopback,
    clock,
    random,
    log,
    meter,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    limits: (id) => providers.find(({ adapter }) => adapter.id === id)?.adapter.limits ?? [],
  });
  const adapterPool = createAdapterPool({
    threads: config.decode.threads,
    timeoutMs: config.decode.timeoutMs,
    memoryMb: config.decode.memoryMb,
    fitReader: config.decode.fitReader,
    workerUrl: options.adapterWorkerUrl,
  });
  const opened = await openStore(options, plugins);
  return createHub({ opened, plugins, adapterPool, egress, vault, clock, random, log, meter, config });
}
