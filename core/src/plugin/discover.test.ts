import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiscoverInput, discoverPlugins } from './discover.ts';
import { strideManifest, type TestProject, testProject } from './plugin.test-support.ts';

let project: TestProject;
beforeEach(() => {
  project = testProject();
});
afterEach(() => project.remove());

const discover = (more: Partial<DiscoverInput> = {}) =>
  discoverPlugins({ projectDir: project.dir, configured: [], flags: [], ...more });
const summary = async (more: Partial<DiscoverInput> = {}) =>
  (await discover(more)).map(({ id, packageName, foundBy, problem }) => [
    id,
    packageName,
    foundBy,
    problem?.code ?? 'fine',
  ]);
const coach = (id: string) => ({ coach: strideManifest({ id, hosts: {} }) });

describe('plugins', () => {
  it('are found in the configuration, then among direct dependencies, then by flag', async () => {
    project.write('package.json', {
      dependencies: { 'coach-plugin-b': '1', 'no-plugin': '1' },
      optionalDependencies: { 'coach-plugin-c': '1' },
    });
    project.install('coach-plugin-a', coach('aa'));
    project.install('coach-plugin-b', coach('bb'));
    project.install('coach-plugin-c', coach('cc'));
    project.install('no-plugin', {});
    project.write('mine/package.json', { name: 'mine', ...coach('dd') });
    expect(await summary({ configured: ['coach-plugin-a'], flags: ['mine'] })).toEqual([
      ['aa', 'coach-plugin-a', 'config', 'fine'],
      ['bb', 'coach-plugin-b', 'dependency', 'fine'],
      ['cc', 'coach-plugin-c', 'dependency', 'fine'],
      ['dd', 'mine', 'flag', 'fine'],
    ]);
  });

  it('are not found among development dependencies, dependencies of dependencies, or by crawling', async () => {
    project.write('package.json', { dependencies: { direct: '1' }, devDependencies: { 'coach-plugin-dev': '1' } });
    project.install('direct', { dependencies: { 'coach-plugin-deep': '1' } });
    project.install('coach-plugin-dev', coach('dev'));
    project.install('coach-plugin-deep', coach('deep'));
    expect(await summary()).toEqual([]);
  });

  it('are found in a node_modules above the project, and through the links of a workspace', async () => {
    project.write('plugins/stride/package.json', { name: '@x/stride', ...coach('stride') });
    project.link('plugins/stride', 'node_modules/@x/stride');
    project.write('app/package.json', { dependencies: { '@x/stride': '*' } });
    expect(await summary({ projectDir: `${project.dir}/app` })).toEqual([
      ['stride', '@x/stride', 'dependency', 'fine'],
    ]);
  });

  it('count once when one package is found on several ways', async () => {
    project.write('plugins/stride/package.json', { name: '@x/stride', ...coach('stride') });
    project.link('plugins/stride', 'node_modules/@x/stride');
    project.write('package.json', { dependencies: { '@x/stride': '*' } });
    expect(await summary({ configured: ['./plugins/stride'], flags: ['plugins/stride'] })).toEqual([
      ['stride', '@x/stride', 'config', 'fine'],
    ]);
  });

  it('of one id are all refused, and the reason names every package', async () => {
    project.write('package.json', {
      dependencies: { 'coach-plugin-a': '1', 'coach-plugin-b': '1', 'coach-plugin-c': '1' },
    });
    project.install('coach-plugin-a', coach('stride'));
    project.install('coach-plugin-b', coach('stride'));
    project.install('coach-plugin-c', coach('other'));
    const found = await discover();
    expect(found.map(({ problem }) => problem?.code)).toEqual(['plugin_duplicate', 'plugin_duplicate', undefined]);
    for (const { problem } of found.slice(0, 2))
      expect(problem?.message).toMatch(/coach-plugin-a .* and coach-plugin-b /);
  });

  it('of the CLI stand in for those the project has not', async () => {
    project.write('package.json', { dependencies: { 'coach-plugin-a': '1' } });
    project.install('coach-plugin-a', coach('stride'));
    project.write('cli/package.json', { dependencies: { 'official-a': '1', 'official-b': '1' } });
    project.write('cli/node_modules/official-a/package.json', { name: 'official-a', ...coach('stride') });
    project.write('cli/node_modules/official-b/package.json', { name: 'official-b', ...coach('other') });
    expect(await summary({ fallbackDirs: [`${project.dir}/cli`] })).toEqual([
      ['stride', 'coach-plugin-a', 'dependency', 'fine'],
      ['other', 'official-b', 'dependency', 'fine'],
    ]);
  });

  it('come with their problem when they cannot be used', async () => {
    project.install('no-field', {});
    project.install('bad-form', { coach: { id: 'Bad Id', contract: 1, kinds: ['providr'] } });
    project.install('old', { coach: strideManifest({ id: 'old', hosts: {}, contract: 2 }) });
    project.install('thief', { coach: strideManifest({ id: 'thief', hosts: { 'stride.api': 'https://evil.test' } }) });
    project.write('node_modules/broken/package.json', '{ not json');
    const configured = ['missing', 'no-field', 'bad-form', 'old', 'thief', 'broken', '../outside'];
    const found = await discover({ configured });
    expect(found.map(({ id, problem }) => [id, problem?.code, problem?.why])).toEqual([
      ['missing', 'plugin_invalid', 'It is listed under plugins, but no such package is installed.'],
      ['no-field', 'plugin_invalid', 'Its package.json has no "coach" field.'],
      [
        'Bad Id',
        'plugin_invalid',
        'coach.id: expected lower-case letters, digits and dashes, 2–40 characters, got "Bad Id"\ncoach.kinds.0: expected "provider" or "store" or "engine", got "providr"',
      ],
      ['old', 'plugin_invalid', 'coach.contract: expected 1, got 2. It was made for another version of the hub.'],
      [
        'thief',
        'plugin_invalid',
        'coach.hosts.stride.api: expected a name that starts with "thief.", got "stride.api"',
      ],
      ['broken', 'plugin_invalid', 'It is listed under plugins, but no such package is installed.'],
      ['../outside', 'plugin_invalid', 'It is listed under plugins, but no such package is installed.'],
    ]);
  });

  it('may be none', async () => {
    expect(await summary()).toEqual([]);
  });
});
