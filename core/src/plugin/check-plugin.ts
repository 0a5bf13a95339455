/** Whether a loaded plugin is what its manifest promises. */
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import { HubError } from '../error/hub-error.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { StorePlugin } from '../store/store-plugin.ts';
import { type ConfigProblem, expectationOf, shownValue } from './config-problem.ts';
import { EngineShape, ProviderShape, StoreShape } from './contract-shape.ts';
import type { Manifest } from './manifest.ts';

/** @throws HubError `plugin_invalid` with every problem, one per line. */
export function asProvider(manifest: Manifest, plugin: unknown): ProviderAdapter {
  assertFits(manifest, plugin, ProviderShape);
  const adapter = plugin as ProviderAdapter;
  const problems = [
    ...sameSet('streams', manifest.streams, Object.keys(adapter.streams)),
    ...partOf('hosts', Object.entries(manifest.hosts).map(pair), Object.entries(adapter.hosts).map(pair)),
    ...partOf('auth.scopes', manifest.scopes, adapter.auth.type === 'oauth2' ? adapter.auth.scopes : []),
    ...partOf('auth.endpoints', Object.keys(manifest.hosts), hostsOfEndpoints(adapter)),
    ...partOf('pull.streams', manifest.streams, adapter.pull?.streams ?? []),
    ...partOf('backfill.streams', manifest.streams, adapter.backfill?.streams ?? []),
    ...partOf('file.stream', manifest.streams, adapter.file ? [adapter.file.stream] : []),
  ];
  if (problems.length > 0) throw misfit(manifest.id, problems);
  return adapter;
}

/** @throws HubError `plugin_invalid`. */
export function asStore(manifest: Manifest, plugin: unknown): StorePlugin {
  assertFits(manifest, plugin, StoreShape);
  return plugin as StorePlugin;
}

/** @throws HubError `plugin_invalid`. */
export function asEngine(manifest: Manifest, plugin: unknown): Engine {
  assertFits(manifest, plugin, EngineShape);
  return plugin as Engine;
}

function assertFits(manifest: Manifest, plugin: unknown, shape: z.ZodType<{ id: string }>): void {
  const parsed = shape.safeParse(plugin);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      key: issue.path.length === 0 ? 'plugin' : issue.path.join('.'),
      expected: expectationOf(issue),
      got: shownValue(valueAt(plugin, issue.path)),
    }));
    throw misfit(manifest.id, problems);
  }
  if (parsed.data.id !== manifest.id) {
    throw misfit(manifest.id, [
      { key: 'id', expected: `"${manifest.id}", as in its manifest`, got: `"${parsed.data.id}"` },
    ]);
  }
}

function sameSet(key: string, declared: readonly string[], actual: readonly string[]): ConfigProblem[] {
  const missing = declared.filter((each) => !actual.includes(each));
  const absent = missing.map((each) => ({ key, expected: `"${each}", which its manifest declares`, got: 'nothing' }));
  return [...absent, ...partOf(key, declared, actual)];
}

function partOf(key: string, declared: readonly string[], actual: readonly string[]): ConfigProblem[] {
  return actual
    .filter((each) => !declared.includes(each))
    .map((each) => ({ key, expected: 'only what its manifest declares', got: `"${each}"` }));
}

function hostsOfEndpoints({ auth }: ProviderAdapter): string[] {
  return auth.type === 'oauth2' ? [auth.endpoints.authorize.host, auth.endpoints.token.host] : [];
}

function pair([name, origin]: [string, string]): string {
  return `${name} = ${origin}`;
}

function misfit(id: string, problems: readonly ConfigProblem[]): HubError {
  return new HubError('plugin_invalid', {
    what: `The plugin "${id}" does not fit the contract.`,
    why: problems.map(({ key, expected, got }) => `${key}: expected ${expected}, got ${got}`).join('\n'),
    fix: 'Correct the plugin; "coach plugin list" tells when it fits.',
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as { [key: PropertyKey]: unknown })[key] : undefined,
    value,
  );
}
