/** A new project. Whatever is there already is kept, so that doing it twice does nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { HubError } from '@coach-hub/core';
import type { World } from '../world.ts';
import { DEFAULT_DATA } from './data-place.ts';
import { driverOverride } from './driver-override.ts';
import { pluginsOf } from './find-plugins.ts';
import { CONFIG_FILE, readIfThere } from './find-project.ts';
import { addOperator, type KeyFile, makeKeyFile } from './key-file.ts';
import { newOperatorKey } from './operator-key.ts';
import { ownPackages } from './own-packages.ts';
import { quietAboutPlugins } from './quiet-plugins.ts';
import { type Project, readProject } from './read-project.ts';

export interface InitReport {
  dir: string;
  files: { path: string; outcome: 'made' | 'added to' | 'kept' }[];
  /** The key of the first operator, role admin; null when there was one already. It is stored nowhere. */
  adminKey: string | null;
}

/** Settings an operator is likely to change, with their defaults. docs/configuration.md describes each. */
const CONFIG = { port: 4270, host: '127.0.0.1', publicUrl: null, returnUrls: [], plugins: [], pluginConfig: {} };

export async function initProject(
  world: World,
  dirArg: string,
  flags: { data?: string | undefined },
): Promise<InitReport> {
  const dir = resolve(world.cwd, dirArg);
  await makeFolder(dir);
  // The new project's own package.json comes first: it is what marks the folder as one.
  const files: InitReport['files'] = [await write(dir, 'package.json', () => packageJson(world, dir))];
  const project = await readProject(
    { ...world, cwd: dir },
    flags.data === undefined ? {} : { data: resolve(world.cwd, flags.data) },
  );
  files.push(await write(dir, CONFIG_FILE, async () => json(configFor(project, dir))));
  files.push(await ignoreData(project, dir));
  const { keyPath } = project;
  const { outcome, adminKey } = await keyFile(project, keyPath, world);
  return { dir, files: [...files, { path: relative(dir, keyPath) || keyPath, outcome }], adminKey };
}

function configFor({ data }: Project, dir: string): object {
  const place = relative(dir, data);
  return place === DEFAULT_DATA ? CONFIG : { data: place.startsWith('..') ? data : place, ...CONFIG };
}

/** Names the packages this CLI runs with, so that an install gives the project its own. */
async function packageJson(world: World, dir: string): Promise<string> {
  const project = await readProject({ ...world, cwd: dir });
  const { infos } = await pluginsOf(project, { log: quietAboutPlugins(world.ports('error').log) });
  const found = [...(await ownName()), ...infos].map(({ packageName, version }) => [packageName, `^${version}`]);
  const dependencies = Object.fromEntries(found);
  return json({
    name: packageName(dir),
    private: true,
    type: 'module',
    // Without exec, npm's shell stands between, and the signal of a service manager ends it and not the hub.
    scripts: { start: 'exec coach serve' },
    dependencies,
    ...driverOverride(process.versions.node),
  });
}

/** The CLI itself, as its own package.json names it. */
async function ownName(): Promise<{ packageName: string; version: string }[]> {
  const [own] = ownPackages();
  if (own === undefined) return [];
  const { name, version } = JSON.parse((await readIfThere(join(own, 'package.json'))) ?? '{}');
  return [{ packageName: name, version }];
}

async function keyFile(
  project: Project,
  path: string,
  { random }: World,
): Promise<Pick<InitReport, 'adminKey'> & Pick<InitReport['files'][number], 'outcome'>> {
  const { key, entry } = newOperatorKey('admin', random);
  if ((await makeKeyFile(path, random, [entry])) === 'made') return { outcome: 'made', adminKey: key };
  if (project.secrets.operatorKeys.length > 0) return { outcome: 'kept', adminKey: null };
  // An import made this file, before anybody thought of operators.
  const stored = JSON.parse((await readIfThere(path)) ?? '{}') as KeyFile;
  await addOperator(path, stored, entry, random);
  return { outcome: 'added to', adminKey: key };
}

/** The data holds keys and health: it stays out of git, wherever in the project it lies. */
async function ignoreData({ data }: Project, dir: string): Promise<InitReport['files'][number]> {
  const path = '.gitignore';
  const text = await readIfThere(join(dir, path));
  const inside = relative(dir, data);
  const own = inside === '' || inside.startsWith('..') || inside.startsWith('.coach') ? [] : [`${inside}/`];
  if (text === null) return write(dir, path, async () => lines(['node_modules/', '.coach/', ...own]));
  const there = text.split('\n').map((line) => line.trim().replace(/^\//, '').replace(/\/$/, ''));
  const missing = ['.coach/', ...own].filter((line) => !there.includes(line.slice(0, -1)));
  if (missing.length === 0) return { path, outcome: 'kept' };
  await writeFile(join(dir, path), `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines(missing)}`);
  return { path, outcome: 'added to' };
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

async function write(dir: string, path: string, content: () => Promise<string>): Promise<InitReport['files'][number]> {
  if ((await readIfThere(join(dir, path))) !== null) return { path, outcome: 'kept' };
  await writeFile(join(dir, path), await content(), { flag: 'wx' });
  return { path, outcome: 'made' };
}

async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new HubError('config_invalid', {
      what: `The folder ${dir} cannot be made.`,
      why: error.code === 'EEXIST' || error.code === 'ENOTDIR' ? 'There is a file of that name.' : error.message,
      fix: 'Name another folder.',
    });
  });
}

function packageName(dir: string): string {
  const name = basename(dir)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' ? 'my-hub' : name;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
