/** Loads what discovery found. One that does not load or fit is quarantined with its reason; the rest serves. */
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../error/hub-error.ts';
import type { PluginInfo } from '../hub/hub.ts';
import type { Log } from '../hub/log.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { FakeVendor } from '../provider/fake.ts';
import type { PluginConfig } from '../provider/webhook.ts';
import type { StorePlugin } from '../store/store-plugin.ts';
import { asEngine, asProvider, asStore } from './check-plugin.ts';
import { FakeShape } from './contract-shape.ts';
import type { FoundPlugin } from './discover.ts';
import { type ImportModule, importEntry, importModule } from './import-entry.ts';
import type { Manifest, PluginKind } from './manifest.ts';
import { missingSettings } from './missing-settings.ts';
import { DEFAULT_CONDITIONS, resolveExport } from './package-exports.ts';
import type { PackageAt } from './package-location.ts';
import { type PluginSettings, parsePluginConfig } from './plugin-config.ts';

export interface LoadedProvider {
  id: string;
  adapter: ProviderAdapter;
  /** Its settings, checked, with secrets opened. */
  config: PluginConfig;
  manifest: Manifest;
  /** File URL of the entry that workers import; null when it has none. */
  normaliseUrl: string | null;
  /** File URL of its fake vendor; null when it has none. */
  fakeUrl: string | null;
}

export interface LoadedPlugins {
  /** Every plugin found, quarantined ones too, in the order of discovery. */
  infos: PluginInfo[];
  /** @throws HubError `plugin_unknown`, `plugin_quarantined`. */
  provider(id: string): LoadedProvider;
  providers(): LoadedProvider[];
  stores(): StorePlugin[];
  engines(): Engine[];
  /** Loads a plugin's fake vendor. @throws HubError as `provider`, and `not_supported` where it has none. */
  fake(id: string): Promise<FakeVendor>;
}

export interface LoadOptions {
  /** Settings of a plugin as found; they are checked against its manifest. */
  configFor(id: string): PluginSettings;
  log: Log;
  /** Longest a plugin may take to load, ms. */
  timeoutMs: number;
  /** Export conditions; `@coach-hub/source` in development and tests. */
  conditions?: readonly string[];
  importModule?: ImportModule;
}

/** What became of one plugin. */
type Outcome = { found: FoundPlugin; error: HubError } | ({ found: FoundPlugin; error: null } & Parts);

interface Parts {
  manifest: Manifest;
  provider: LoadedProvider | null;
  store: StorePlugin | null;
  engine: Engine | null;
}

export async function loadPlugins(found: readonly FoundPlugin[], options: LoadOptions): Promise<LoadedPlugins> {
  const outcomes = await Promise.all(found.map((each) => loadOne(each, options)));
  for (const { found: plugin, error } of outcomes) {
    if (error)
      options.log.error('plugin set aside', {
        plugin: plugin.id,
        package: plugin.packageName,
        code: error.code,
        reason: error.message,
      });
  }
  const loaded = outcomes.flatMap((outcome) => (outcome.error === null ? [outcome] : []));
  const providers = loaded.flatMap(({ provider }) => provider ?? []);

  function provider(id: string): LoadedProvider {
    const ready = providers.find((each) => each.id === id);
    if (ready) return ready;
    throw whyNot(id, outcomes, 'provider');
  }

  return {
    infos: outcomes.map(infoOf),
    provider,
    providers: () => [...providers],
    stores: () => loaded.flatMap(({ store }) => store ?? []),
    engines: () => loaded.flatMap(({ engine }) => engine ?? []),
    async fake(id) {
      const fakeUrl = fakeUrlOf(id, outcomes, options.conditions ?? DEFAULT_CONDITIONS);
      if (fakeUrl === null) throw noFake(id);
      const fake = await importEntry(id, fakeUrl, 'fake', options.timeoutMs, options.importModule ?? importModule);
      if (!FakeShape.safeParse(fake).success) throw noFake(id);
      return fake as FakeVendor;
    },
  };
}

/** Needs no settings: a fake is where a plugin that lacks its client id gets one from. */
function fakeUrlOf(id: string, outcomes: readonly Outcome[], conditions: readonly string[]): string | null {
  const found = outcomes.find((outcome) => outcome.found.id === id && outcome.found.problem === null)?.found;
  if (!found?.manifest?.kinds.includes('provider') || !found.location) throw whyNot(id, outcomes, 'provider');
  return found.manifest.fake === undefined ? null : resolveExport(found.location, found.manifest.fake, conditions);
}

async function loadOne(found: FoundPlugin, options: LoadOptions): Promise<Outcome> {
  const { manifest, location, problem } = found;
  if (problem || !manifest || !location) return { found, error: problem ?? unreadable(found) };
  try {
    return { found, error: null, ...(await partsOf(manifest, location, options)) };
  } catch (error) {
    if (error instanceof HubError) return { found, error };
    throw error;
  }
}

async function partsOf(manifest: Manifest, location: PackageAt, options: LoadOptions): Promise<Parts> {
  const conditions = options.conditions ?? DEFAULT_CONDITIONS;
  const urlOf = (subpath: string | undefined): string | null => {
    if (subpath === undefined) return null;
    const url = resolveExport(location, subpath, conditions);
    if (url === null) throw notExported(manifest.id, subpath);
    return url;
  };
  const urls = { normaliseUrl: urlOf(manifest.normalise), fakeUrl: urlOf(manifest.fake) };
  const entryUrl = urlOf(manifest.entry);
  if (entryUrl === null) throw notExported(manifest.id, manifest.entry);
  // Settings first: a plugin that lacks its client id need not run at all.
  const { values, secrets } = options.configFor(manifest.id);
  const config = parsePluginConfig(manifest, values, secrets);
  const plugin = await importEntry(
    manifest.id,
    entryUrl,
    'plugin',
    options.timeoutMs,
    options.importModule ?? importModule,
  );
  const is = (kind: PluginKind) => manifest.kinds.includes(kind);
  return {
    manifest,
    provider: is('provider')
      ? { id: manifest.id, adapter: asProvider(manifest, plugin), config, manifest, ...urls }
      : null,
    store: is('store') ? asStore(manifest, plugin) : null,
    engine: is('engine') ? asEngine(manifest, plugin) : null,
  };
}

function infoOf(outcome: Outcome): PluginInfo {
  const { found, error } = outcome;
  const { id, manifest, packageName, version, foundBy } = found;
  const displayName = (error === null ? outcome.provider?.adapter.displayName : null) ?? manifest?.displayName ?? id;
  return {
    id,
    displayName,
    kinds: manifest?.kinds ?? [],
    packageName,
    version,
    foundBy,
    state: error ? 'quarantined' : 'ready',
    reason: error?.message ?? null,
    missing:
      error === null && outcome.provider ? missingSettings(outcome.provider.adapter, outcome.provider.config) : [],
    streams: manifest?.streams ?? [],
    hasFake: manifest?.fake !== undefined,
  };
}

function whyNot(id: string, outcomes: readonly Outcome[], kind: PluginKind): HubError {
  const set = outcomes.find(({ found, error }) => found.id === id && error !== null);
  if (set?.error) {
    return new HubError(
      'plugin_quarantined',
      {
        what: `The plugin "${id}" is set aside.`,
        why: set.error.message,
        fix: 'Put that right and start the hub again.',
      },
      { cause: set.error },
    );
  }
  const names = outcomes.flatMap(({ found }) => (found.manifest?.kinds.includes(kind) ? [found.id] : []));
  return new HubError('plugin_unknown', {
    what: `There is no ${kind} "${id}".`,
    why: names.length === 0 ? `No ${kind} plugin was found.` : `Found: ${[...new Set(names)].join(', ')}.`,
    fix: 'Install the package as a dependency of the project, list it under plugins, or give --plugin PATH.',
  });
}

function noFake(id: string): HubError {
  return new HubError('not_supported', {
    what: `The plugin "${id}" has no fake vendor.`,
    why: 'Its manifest names none, or the one it names cannot be started.',
    fix: '"coach plugin list" shows which plugins have one.',
  });
}

function notExported(id: string, subpath: string): HubError {
  return new HubError('plugin_invalid', {
    what: `The plugin "${id}" could not be loaded.`,
    why: `Its package exports no "${subpath}", or the export leads out of the package.`,
    fix: 'Add it to "exports" in the package.json of the plugin, and build the plugin.',
  });
}

function unreadable({ id }: FoundPlugin): HubError {
  return new HubError('plugin_invalid', {
    what: `The plugin "${id}" is not used.`,
    why: 'It has no readable manifest.',
    fix: 'Correct its package.json.',
  });
}
