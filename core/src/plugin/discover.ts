/**
 * Which plugins there are: those the configuration lists, then the project's direct dependencies with a `coach`
 * field, then `--plugin PATH`. Reads package.json files only; never crawls a folder, never runs a plugin.
 */
import { isAbsolute, resolve } from 'node:path';
import { HubError } from '../error/hub-error.ts';
import type { PluginInfo } from '../hub/hub.ts';
import { expectationOf, shownValue } from './config-problem.ts';
import { CONTRACT_VERSION, Manifest } from './manifest.ts';
import { findPackage, type PackageAt, readPackage } from './package-location.ts';

export interface DiscoverInput {
  /** Where `coach` was started. */
  projectDir: string;
  /** `plugins` of the configuration: package names, or paths from the project. */
  configured: readonly string[];
  /** `--plugin`: folders of packages, from the project. */
  flags: readonly string[];
  /** Packages whose dependencies count too, where the project has no plugin of that id: those of the CLI itself. */
  fallbackDirs?: readonly string[];
}

export interface FoundPlugin {
  /** From the manifest; of one that cannot be read, the best name there is. */
  id: string;
  /** Null when it cannot be read; `problem` says why. */
  manifest: Manifest | null;
  location: PackageAt | null;
  packageName: string;
  version: string;
  foundBy: PluginInfo['foundBy'];
  problem: HubError | null;
}

/** Resolves for whatever it finds: a broken plugin comes with its `problem`, and so does one whose id is taken. */
export async function discoverPlugins(input: DiscoverInput): Promise<FoundPlugin[]> {
  const { projectDir, configured, flags, fallbackDirs = [] } = input;
  const found = [
    ...(await Promise.all(configured.map((name) => fromConfiguration(name, projectDir, fallbackDirs)))),
    ...(await fromDependencies(projectDir)),
    ...(await Promise.all(
      flags.map(async (path) => asFound(path, await readPackage(resolve(projectDir, path)), 'flag')),
    )),
  ];
  const own = withoutRepeats(found);
  const ids = new Set(own.map(({ id }) => id));
  const fallback = (await Promise.all(fallbackDirs.map(fromDependencies))).flat().filter(({ id }) => !ids.has(id));
  return refuseDuplicates(withoutRepeats([...own, ...fallback]));
}

async function fromConfiguration(
  name: string,
  projectDir: string,
  fallbackDirs: readonly string[],
): Promise<FoundPlugin> {
  if (name.startsWith('.') || isAbsolute(name)) {
    return asFound(name, await readPackage(resolve(projectDir, name)), 'config');
  }
  for (const dir of [projectDir, ...fallbackDirs]) {
    const location = await findPackage(name, dir);
    if (location) return asFound(name, location, 'config');
  }
  return asFound(name, null, 'config');
}

async function fromDependencies(dir: string): Promise<FoundPlugin[]> {
  const project = await readPackage(dir);
  const packages = await Promise.all((project?.json.dependencies ?? []).map((name) => findPackage(name, dir)));
  return packages.flatMap((location) =>
    location?.json.coach === undefined ? [] : [asFound(location.json.name, location, 'dependency')],
  );
}

function asFound(named: string, location: PackageAt | null, foundBy: FoundPlugin['foundBy']): FoundPlugin {
  const base = { location, packageName: location?.json.name ?? named, version: location?.json.version ?? '', foundBy };
  if (location === null) {
    const why =
      foundBy === 'config'
        ? 'It is listed under plugins, but no such package is installed.'
        : 'There is no package.json in that folder.';
    return { ...base, id: named, manifest: null, problem: invalid(named, why) };
  }
  if (location.json.coach === undefined) {
    return { ...base, id: named, manifest: null, problem: invalid(named, 'Its package.json has no "coach" field.') };
  }
  const parsed = Manifest.safeParse(location.json.coach);
  if (!parsed.success) {
    const why = parsed.error.issues.map(
      (issue) =>
        `coach.${issue.path.join('.')}: expected ${expectationOf(issue)}, got ${shownValue(at(location.json.coach, issue.path))}`,
    );
    return {
      ...base,
      id: idGuess(location.json.coach) ?? named,
      manifest: null,
      problem: invalid(named, why.join('\n')),
    };
  }
  return { ...base, id: parsed.data.id, manifest: parsed.data, problem: manifestProblem(parsed.data) };
}

/** What the form of a manifest cannot say. */
function manifestProblem({ id, contract, hosts }: Manifest): HubError | null {
  if (contract !== CONTRACT_VERSION) {
    return invalid(
      id,
      `coach.contract: expected ${CONTRACT_VERSION}, got ${contract}. It was made for another version of the hub.`,
    );
  }
  // Host names are shared by all plugins; the prefix keeps one from taking another's.
  const stray = Object.keys(hosts).find((name) => !name.startsWith(`${id}.`));
  return stray === undefined
    ? null
    : invalid(id, `coach.hosts.${stray}: expected a name that starts with "${id}.", got "${stray}"`);
}

/** One package found on two ways is one plugin. */
function withoutRepeats(found: readonly FoundPlugin[]): FoundPlugin[] {
  const placeOf = ({ location, packageName }: FoundPlugin) => location?.dir ?? packageName;
  return found.filter((each, index) => found.findIndex((other) => placeOf(other) === placeOf(each)) === index);
}

/** Neither of two is taken: which one an operator meant cannot be known. */
function refuseDuplicates(found: readonly FoundPlugin[]): FoundPlugin[] {
  return found.map((each) => {
    const twins = found.filter(({ id, manifest }) => manifest !== null && id === each.id);
    if (each.manifest === null || twins.length < 2) return each;
    const names = twins.map(({ packageName, location }) => `${packageName} (${location?.dir})`).join(' and ');
    const problem = new HubError('plugin_duplicate', {
      what: `The plugin "${each.id}" is not used.`,
      why: `These packages all have that id: ${names}.`,
      fix: 'Remove all but one of them from the project.',
    });
    return { ...each, problem };
  });
}

function invalid(name: string, why: string): HubError {
  return new HubError('plugin_invalid', {
    what: `The plugin "${name}" is not used.`,
    why,
    fix: 'Correct the package; "coach plugin list" tells when it fits.',
  });
}

function idGuess(coach: unknown): string | null {
  const id = typeof coach === 'object' && coach !== null && 'id' in coach ? coach.id : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as { [key: PropertyKey]: unknown })[key] : undefined,
    value,
  );
}
