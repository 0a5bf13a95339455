import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingLog } from '../egress/egress.test-support.ts';
import { discoverPlugins } from './discover.ts';
import { type LoadOptions, loadPlugins } from './load-plugins.ts';
import {
  NORMALISE_SOURCE,
  STRIDE_EXPORTS,
  STRIDE_FILES,
  strideManifest,
  strideSource,
  type TestProject,
  testProject,
} from './plugin.test-support.ts';

let project: TestProject;
beforeEach(() => {
  project = testProject();
});
afterEach(() => project.remove());

const installStride = (manifest: { [key: string]: unknown } = {}, files: { [path: string]: string } = {}) =>
  project.install(
    'coach-plugin-stride',
    { coach: strideManifest(manifest), exports: STRIDE_EXPORTS },
    { ...STRIDE_FILES, ...files },
  );

async function load(more: Partial<LoadOptions> = {}, configured = ['coach-plugin-stride']) {
  const { log, lines } = recordingLog();
  const found = await discoverPlugins({ projectDir: project.dir, configured, flags: [] });
  const plugins = await loadPlugins(found, {
    configFor: () => ({ values: {}, secrets: {} }),
    log,
    timeoutMs: 2_000,
    ...more,
  });
  return { plugins, lines };
}

/** Members of a provider whose accounts are connected, and that notifies under a secret address. */
const OAUTH_AND_WEBHOOK = `
  auth: { type: 'oauth2', pkce: true, clientAuth: 'body', scopes: [], scopeSeparator: ' ',
    endpoints: { authorize: { host: 'stride.api', path: '/a' }, token: { host: 'stride.api', path: '/t' } },
    lifecycle: 'rotating', expiryMarginS: 60, codeTtlS: 60, resolveIdentity: async () => ({}), classifyRefreshFailure: () => 'retry' },
  webhook: { maxBytes: 1000, secret: 'path', keepHeaders: [], verify: () => 'valid', answer: { status: 200 },
    deadlineS: 5, split: () => ({ envelopes: [], notices: [] }) },`;

/** Why the only plugin of the project is quarantined. */
async function reasonOf(more: Partial<LoadOptions> = {}): Promise<string | null> {
  const { plugins } = await load(more);
  return plugins.infos[0]?.reason ?? null;
}

describe('a plugin that fits', () => {
  it('is loaded with its settings and the addresses of its other entries', async () => {
    installStride({ config: { clientId: { type: 'string', required: true, help: 'App id.' } }, fake: './fake' });
    const { plugins } = await load({ configFor: (id) => ({ values: { clientId: `app of ${id}` }, secrets: {} }) });
    const stride = plugins.provider('stride');
    expect([stride.id, stride.adapter.displayName, stride.config]).toEqual([
      'stride',
      'Stride',
      { clientId: 'app of stride' },
    ]);
    expect(stride.normaliseUrl).toMatch(/^file:.*coach-plugin-stride\/normalise\.js$/);
    expect(plugins.infos).toEqual([
      {
        id: 'stride',
        displayName: 'Stride',
        kinds: ['provider'],
        packageName: 'coach-plugin-stride',
        version: '1.2.3',
        foundBy: 'config',
        state: 'ready',
        reason: null,
        missing: [],
        streams: ['runs'],
        hasFake: true,
      },
    ]);
  });

  it('is loaded from its sources under the condition of development', async () => {
    const exports = { '.': { source: './src/index.ts', import: './dist/gone.js' }, './normalise': './normalise.js' };
    project.install(
      'coach-plugin-stride',
      { coach: strideManifest(), exports },
      {
        'src/index.ts': strideSource()
          .replace("'./normalise.js'", "'../normalise.js'")
          .replace('export const plugin =', 'export const plugin: unknown ='),
        'normalise.js': NORMALISE_SOURCE,
      },
    );
    const { plugins } = await load({ conditions: ['source', 'import'] });
    expect(plugins.provider('stride').adapter.id).toBe('stride');
  });

  it('may be a store or an engine', async () => {
    const exports = { '.': './index.js' };
    project.install(
      'st',
      { coach: { id: 'st', contract: 1, kinds: ['store'] }, exports },
      {
        'index.js': "export const plugin = { id: 'st', opens: () => true, open: async () => ({}) };",
      },
    );
    project.install(
      'en',
      { coach: { id: 'en', contract: 1, kinds: ['engine'] }, exports },
      {
        'index.js':
          "export const plugin = { id: 'en', version: 1, on: ['activity'], reads: [], writes: [], run: () => [] };",
      },
    );
    const { plugins } = await load({}, ['st', 'en']);
    expect([plugins.stores().length, plugins.engines().length, plugins.providers().length]).toEqual([1, 1, 0]);
  });

  it('names what to set before accounts can be connected to it', async () => {
    const text = (key: string) => ({ [key]: { type: 'string', secret: true, help: '' } });
    const config = { ...text('clientId'), ...text('clientSecret'), ...text('webhookSecret') };
    installStride({ config }, { 'index.js': strideSource(OAUTH_AND_WEBHOOK) });
    const { plugins } = await load({ configFor: () => ({ values: {}, secrets: { clientId: 'app' } }) });
    expect(plugins.infos.map(({ state, missing }) => ({ state, missing }))).toEqual([
      { state: 'ready', missing: ['COACH_STRIDE_CLIENT_SECRET', 'COACH_STRIDE_WEBHOOK_SECRET'] },
    ]);
  });

  it('hands out its fake vendor', async () => {
    installStride({ fake: './fake' }, { 'fake.js': "export const fake = { id: 'stride', start: async () => ({}) };" });
    const { plugins } = await load();
    expect((await plugins.fake('stride')).id).toBe('stride');
  });

  it('without a fake says so', async () => {
    installStride();
    const { plugins } = await load();
    await expect(plugins.fake('stride')).rejects.toMatchObject({ code: 'not_supported' });
  });
});

describe('a plugin that does not fit', () => {
  it.each([
    [
      'throws at import',
      { 'index.js': "throw new Error('no native add-on');" },
      'It threw while it was loading: no native add-on.',
    ],
    ['cannot be parsed', { 'index.js': 'export const plugin = {' }, 'It threw while it was loading'],
    [
      'never finishes loading',
      { 'index.js': 'await new Promise(() => {}); export const plugin = {};' },
      'It did not finish loading within 300 ms.',
    ],
    ['exports nothing of that name', { 'index.js': 'export const plug = 1;' }, 'exports no "plugin"'],
    ['exports something else', { 'index.js': 'export const plugin = 5;' }, 'plugin: expected an object, got 5'],
    [
      'has another id',
      { 'index.js': strideSource("id: 'strid',") },
      'id: expected "stride", as in its manifest, got "strid"',
    ],
    ['has no normalise', { 'index.js': strideSource('normalise: 5,') }, 'normalise: expected a function, got 5'],
    [
      'goes to hosts it did not declare',
      { 'index.js': strideSource("hosts: { 'stride.api': 'https://elsewhere.test' },") },
      'hosts: expected only what its manifest declares, got "stride.api = https://elsewhere.test"',
    ],
    [
      'has other streams',
      { 'index.js': strideSource('streams: {},') },
      'streams: expected "runs", which its manifest declares, got nothing',
    ],
    [
      'asks for scopes it did not declare',
      { 'index.js': strideSource(oauth('scopes: ["all"],')) },
      'auth.scopes: expected only what its manifest declares, got "all"',
    ],
    [
      'has an incomplete part',
      {
        'index.js': strideSource(
          'webhook: { maxBytes: 1, secret: "path", keepHeaders: [], answer: { status: 200 }, deadlineS: 30, verify() {} },',
        ),
      },
      'webhook.split: expected a function, got nothing',
    ],
  ])('because it %s is set aside with the reason', async (_, files, reason) => {
    installStride({}, files);
    expect(await reasonOf({ timeoutMs: 300 })).toContain(reason);
  });

  it('because its package exports too little is set aside', async () => {
    project.install('coach-plugin-stride', { coach: strideManifest(), exports: { '.': './index.js' } }, STRIDE_FILES);
    expect(await reasonOf()).toContain('exports no "./normalise"');
  });

  it('because its settings are incomplete is set aside without being run', async () => {
    installStride(
      { config: { clientId: { type: 'string', required: true, help: 'App id.' } } },
      { 'index.js': "throw new Error('ran');" },
    );
    expect(await reasonOf()).toContain('pluginConfig.stride.clientId: expected a text (App id.), got nothing');
  });

  it('costs nobody else anything, and is told the operator', async () => {
    installStride();
    project.install(
      'coach-plugin-bad',
      { coach: strideManifest({ id: 'bad', hosts: {} }), exports: STRIDE_EXPORTS },
      {
        'index.js': "throw new Error('boom');",
        'normalise.js': NORMALISE_SOURCE,
      },
    );
    const { plugins, lines } = await load({}, ['coach-plugin-bad', 'coach-plugin-stride']);
    expect(plugins.providers().map(({ id }) => id)).toEqual(['stride']);
    expect(() => plugins.provider('bad')).toThrow(
      expect.objectContaining({ code: 'plugin_quarantined', why: expect.stringContaining('boom') }),
    );
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'plugin set aside',
        fields: expect.objectContaining({ plugin: 'bad', code: 'plugin_invalid' }),
      },
    ]);
  });
});

describe('an id nobody has', () => {
  it('is answered with the ids that were found', async () => {
    installStride();
    const { plugins } = await load();
    expect(() => plugins.provider('strid')).toThrow(
      expect.objectContaining({ code: 'plugin_unknown', why: 'Found: stride.' }),
    );
  });
});

function oauth(more: string): string {
  return `auth: { type: 'oauth2', endpoints: { authorize: { host: 'stride.api', path: '/a' }, token: { host: 'stride.api', path: '/t' } },
    pkce: true, clientAuth: 'body', scopeSeparator: ' ', lifecycle: 'may_rotate', expiryMarginS: 60, codeTtlS: 60,
    resolveIdentity: async () => ({}), classifyRefreshFailure: () => 'transient', ${more} },`;
}
