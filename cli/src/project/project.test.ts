import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing/coach.test-support.ts';
import { dataFolder } from './data-place.ts';
import { driverOverride } from './driver-override.ts';
import { findProject } from './find-project.ts';
import { ownPackages } from './own-packages.ts';
import { readProject } from './read-project.ts';

/** A project with a folder two levels down. */
function project(files: { [path: string]: object }): { dir: string; below: string } {
  const dir = emptyFolder();
  for (const [path, content] of Object.entries(files)) writeFileSync(join(dir, path), JSON.stringify(content));
  const below = join(dir, 'a/b');
  mkdirSync(below, { recursive: true });
  return { dir, below };
}

describe('the project of a command', () => {
  it('is the nearest folder upwards with a configuration or a package.json', async () => {
    const { dir, below } = project({ 'coach.config.json': {} });
    expect(await findProject(below)).toEqual({ dir, configPath: join(dir, 'coach.config.json') });
    writeFileSync(join(below, 'package.json'), '{}');
    expect(await findProject(below)).toEqual({ dir: below, configPath: null });
  });

  it('has its data where the flag says, else the environment, else the file, else .coach/data', () => {
    const place = (settings: { flag?: string; env?: string; file?: string }) =>
      dataFolder({ flag: undefined, env: undefined, file: undefined, ...settings }, '/here', '/project');
    expect(place({})).toBe('/project/.coach/data');
    expect(place({ file: 'store' })).toBe('/project/store');
    expect(place({ env: 'store', file: 'other' })).toBe('/here/store');
    expect(place({ flag: 'sqlite:/x', env: 'store' })).toBe('/x');
    expect(() => place({ flag: 'postgres://ann:s3cret@db/hub' })).toThrow(/^(?!.*s3cret).*--db/);
  });

  it('takes its settings from file, environment and flags, each stronger than the one before', async () => {
    const { dir } = project({ 'coach.config.json': { port: 1, host: 'file.example' } });
    const { config, keyPath } = await readProject({ cwd: dir, env: { COACH_PORT: '2' } }, { host: 'flag.example' });
    expect(config).toMatchObject({ port: 2, host: 'flag.example', data: join(dir, '.coach/data') });
    expect(keyPath).toBe(join(dir, '.coach/data/keys.json'));
  });

  it('with a configuration that is no JSON says which file', async () => {
    const { dir } = project({});
    writeFileSync(join(dir, 'coach.config.json'), '{ port: 1 }');
    await expect(readProject({ cwd: dir, env: {} })).rejects.toMatchObject({
      code: 'config_invalid',
      what: `${join(dir, 'coach.config.json')} cannot be read.`,
    });
  });
});

describe('the packages that stand in where a project names no plugins', () => {
  it('are the CLI’s own and the one it was installed into', () => {
    const { dir } = project({ 'package.json': {} });
    const own = join(dir, 'node_modules/@coach-hub/cli');
    mkdirSync(join(own, 'dist'), { recursive: true });
    writeFileSync(join(own, 'package.json'), '{}');
    expect(ownPackages(join(own, 'dist/chunk.js'))).toEqual([own, dir]);
  });
});

describe('a new project', () => {
  it('asks for the SQLite driver that this repository is tested with on the same Node', () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    const driver = driverOverride('24.21.0').overrides?.['better-sqlite3'];
    expect(`npm:better-sqlite3@${driver}`).toBe(devDependencies['better-sqlite3-node22']);
    expect(driverOverride('22.0.0').overrides?.['better-sqlite3']).toBe(driver);
    expect(driverOverride('20.19.0')).toEqual({});
  });
});
