import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { findOffences } from './architecture/rules.mjs';
import { vendorNames } from './architecture/vendor-in-core.mjs';
import { temporaryTree } from './testing/temporary-tree.mjs';

const SOURCE = '@coach-hub/source';

const manifest = (name, exports = { '.': './src/index.ts' }, dependencies = {}) => ({
  name: `@coach-hub/${name}`,
  exports: Object.fromEntries(Object.entries(exports).map(([path, source]) => [path, { [SOURCE]: source }])),
  dependencies: { '@coach-hub/core': '*', ...dependencies },
});

/** A small house that keeps every rule, and whose files the cases below add to or replace. */
const CLEAN = {
  'core/package.json': manifest('core', { '.': './src/index.ts', './wire': './src/wire/index.ts' }, { zod: '4' }),
  'core/src/index.ts': "export { join } from './ledger/join.ts';\nexport type { Rev } from './wire/index.ts';\n",
  'core/src/ledger/join.ts':
    "import type { Rev } from '../wire/rev.ts';\n// bipolar, polarity, courage\nexport const join = (a: Rev): string => new Date(a).toISOString();\n",
  'core/src/wire/index.ts': "export type { Rev } from './rev.ts';\n",
  'core/src/wire/rev.ts': 'export type Rev = number;\n',
  'plugins/garmin/package.json': manifest('plugin-garmin'),
  'plugins/garmin/src/index.ts': "import { join } from '@coach-hub/core';\nexport const garmin = join;\n",
  'plugins/file/package.json': manifest('plugin-file'),
  'plugins/file/src/index.ts': 'export const file = 1;\n',
  'server/package.json': manifest('server'),
  'server/src/index.ts': "export { join } from '@coach-hub/core';\n",
  'server/src/main.ts': 'export const now = () => Date.now() + Number(process.env.PORT);\n',
  'server/src/route.test.ts': "import '@coach-hub/plugin-garmin';\nconsole.log(Date.now());\n",
  'cli/package.json': manifest('cli', {}, { '@coach-hub/server': '*', '@coach-hub/mobile-sdk': '*' }),
  'cli/src/serve.ts': "import '@coach-hub/server';\nimport '@coach-hub/mobile-sdk';\n",
  'mobile-sdk/package.json': manifest('mobile-sdk', undefined, { 'better-sqlite3': '12' }),
  'mobile-sdk/src/index.ts': "export type { Rev } from '@coach-hub/core/wire';\n",
  'mobile-sdk/src/platform.ts': 'export const now = () => Date.now();\n',
  'mobile-sdk/src/drivers/better-sqlite3.ts': "import 'node:fs';\nimport 'better-sqlite3';\n",
  'mobile-sdk/src/queue.test.ts': "import 'node:fs';\nimport '@coach-hub/server';\n",
  'examples/package.json': { ...manifest('examples', {}), private: true },
  'examples/demo.ts': "import '@coach-hub/server';\nconsole.log(Date.now());\n",
};

function offencesOf(changes) {
  const tree = temporaryTree({ ...CLEAN, ...changes });
  try {
    return findOffences(tree.root).offences;
  } finally {
    tree.remove();
  }
}

/** The one offence a case plants. More than one would mean that two rules disagree about who owns it. */
function onlyOffence(changes) {
  const found = offencesOf(changes);
  expect(found).toHaveLength(1);
  return found[0];
}

/** Plants all texts at once, each in a file of its own in `folder`, and answers with the offences of one of them. */
function planted(folder, texts) {
  const pathOf = (text) => `${folder}/planted-${texts.indexOf(text)}.ts`;
  const found = offencesOf(Object.fromEntries(texts.map((text) => [pathOf(text), `${text}\n`])));
  return (text) => found.filter(({ at }) => at.startsWith(`${pathOf(text)}:`));
}

describe('a clean tree', () => {
  it('has no offence', () => {
    expect(offencesOf({})).toEqual([]);
  });
});

describe('a provider is not named in core', () => {
  it.each([
    ['in an identifier', 'export const fromGarmin = 1;\n'],
    ['in a string', "export const a = 'strava';\n"],
    ['in a comment', '// as Oura sends it\n'],
  ])('%s', (_where, text) => {
    expect(onlyOffence({ 'core/src/ledger/decide.ts': text })).toMatchObject({
      rule: 'vendor-in-core',
      at: 'core/src/ledger/decide.ts:1',
      what: expect.stringMatching(/^"\w+" is a provider's name, in core\.$/),
      fix: expect.stringContaining('adapter contract'),
    });
  });

  it('in a file name', () => {
    expect(onlyOffence({ 'core/src/provider/garmin-auth.ts': '' })).toMatchObject({
      rule: 'vendor-in-core',
      at: 'core/src/provider/garmin-auth.ts',
    });
  });

  it('tests and fixtures may', () => {
    expect(
      offencesOf({ 'core/src/ledger/join.test.ts': '// Garmin\n', 'core/src/formats/fixtures/a.json': '"garmin"' }),
    ).toEqual([]);
  });

  it.each([
    ['GarminFoo', ['Garmin']],
    ['fromGarmin', ['Garmin']],
    ['GARMIN_ID', ['GARMIN']],
    ['garmin2', ['garmin']],
    ['open-meteo, openMeteo, OPEN_METEO', ['open-meteo', 'openMeteo', 'OPEN_METEO']],
    ['FreeStyle Libre', ['FreeStyle Libre']],
    ['MyFitnessPal and RunSignup', ['MyFitnessPal', 'RunSignup']],
    ['polarity bipolar POLARITY', []],
    ['courage, scoundrel, libre software', []],
  ])('reads %j as %j', (text, names) => {
    expect(vendorNames(text)).toEqual(names);
  });
});

describe('imports do not run in circles', () => {
  it('within a package', () => {
    expect(
      onlyOffence({
        'core/src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
        'core/src/b.ts': "\nimport { a } from './a.ts';\nexport const b = () => a;\n",
      }),
    ).toMatchObject({
      rule: 'import-cycle',
      at: 'core/src/a.ts:1',
      what: 'These import each other in a circle: core/src/a.ts -> core/src/b.ts -> core/src/a.ts.',
    });
  });

  it('by types alone', () => {
    expect(
      onlyOffence({
        'core/src/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n",
        'core/src/b.ts': "export type B = import('./a.ts').A;\n",
      }).rule,
    ).toBe('import-cycle');
  });

  it('by a dynamic import', () => {
    expect(
      onlyOffence({
        'core/src/a.ts': "export const a = () => import('./b.ts');\n",
        'core/src/b.ts': "export { a } from './a.ts';\n",
      }).rule,
    ).toBe('import-cycle');
  });

  it('to itself', () => {
    expect(onlyOffence({ 'core/src/a.ts': "export * from './a.ts';\n" }).rule).toBe('import-cycle');
  });

  it('across packages, in files', () => {
    const found = offencesOf({ 'core/src/ledger/join.ts': "export { join } from '@coach-hub/server';\n" });
    expect(found.map(({ rule, what }) => `${rule}: ${what}`)).toContain(
      'import-cycle: These import each other in a circle: core/src/index.ts -> core/src/ledger/join.ts -> server/src/index.ts -> core/src/index.ts.',
    );
  });

  it('across packages, through different files', () => {
    const found = offencesOf({ 'server/src/a.ts': "import '@coach-hub/cli';\n" });
    expect(found.map(({ rule, at, what }) => `${rule} ${at}: ${what}`)).toContain(
      'import-cycle server/package.json: These import each other in a circle: server -> cli -> server.',
    );
  });
});

describe('a plugin is an island', () => {
  it.each([
    ['by name', "import '@coach-hub/plugin-file';\n"],
    ['by an entry of it', "export * from '@coach-hub/plugin-file/normalise';\n"],
    ['by a dynamic import', "await import('@coach-hub/plugin-file');\n"],
    ['by a template', 'await import(`@coach-hub/plugin-file`);\n'],
    ['by require', "require('@coach-hub/plugin-file');\n"],
    ['by a require of its own', "createRequire(import.meta.url)('@coach-hub/plugin-file');\n"],
    ['by its path', "createRequire(import.meta.url).resolve('@coach-hub/plugin-file');\n"],
    [
      'by a require in a variable',
      "const load = createRequire(import.meta.url), b = load('@coach-hub/plugin-file');\n",
    ],
    ['by import.meta.resolve', "import.meta.resolve('@coach-hub/plugin-file');\n"],
    ['by import.meta.resolve in a variable', "const find = import.meta.resolve, b = find('@coach-hub/plugin-file');\n"],
  ])('%s', (_how, text) => {
    expect(onlyOffence({ 'plugins/garmin/src/split.ts': text })).toMatchObject({
      rule: 'plugin-island',
      at: 'plugins/garmin/src/split.ts:1',
      what: 'A plugin imports another plugin: plugins/garmin imports plugins/file.',
      fix: expect.stringContaining('Move what the two share to core'),
    });
  });

  it.each([
    'import(name)',
    `import(\`@coach-hub/plugin-\${name}\`)`,
    "import('@coach-hub/' + name)",
    'createRequire(import.meta.url)(name)',
    'import.meta.resolve(name)',
  ])('and loads nothing by a computed name: %s', (call) => {
    expect(onlyOffence({ 'plugins/garmin/src/a.ts': `export const a = (name: string) => ${call};\n` })).toMatchObject({
      rule: 'plugin-island',
      at: 'plugins/garmin/src/a.ts:1',
      what: `A plugin loads a module by a computed name: ${call}.`,
      fix: expect.stringContaining('as a literal'),
    });
  });

  it('by a relative path, which is also a path out of the package', () => {
    const found = offencesOf({ 'plugins/garmin/src/split.ts': "import '../../file/src/index.ts';\n" });
    expect(found.map((each) => each.rule)).toEqual(['plugin-island', 'import-direction']);
  });

  it('in its tests as well', () => {
    expect(onlyOffence({ 'plugins/garmin/src/a.test.ts': "import '@coach-hub/plugin-file';\n" }).rule).toBe(
      'plugin-island',
    );
  });
});

describe('packages point one way', () => {
  it.each([
    [
      'core/src/a.ts',
      '@coach-hub/plugin-file',
      'core imports @coach-hub/plugin-file; it may import no other package of ours.',
    ],
    [
      'core/src/a.test.ts',
      '@coach-hub/plugin-file',
      'core imports @coach-hub/plugin-file; it may import no other package of ours.',
    ],
    ['server/src/a.ts', '@coach-hub/mobile-sdk', 'server imports @coach-hub/mobile-sdk; it may import only core.'],
    [
      'server/src/a.ts',
      '@coach-hub/plugin-garmin',
      'server imports @coach-hub/plugin-garmin; it may import only core.',
    ],
    [
      'cli/src/a.ts',
      '@coach-hub/plugin-garmin',
      'cli imports @coach-hub/plugin-garmin; it may import only server, mobile-sdk, core.',
    ],
    ['plugins/file/src/a.ts', '@coach-hub/server', 'plugins/file imports @coach-hub/server; it may import only core.'],
    [
      'examples/a.ts',
      '@coach-hub/plugin-file',
      'examples imports @coach-hub/plugin-file; it may import only cli, server, mobile-sdk, core.',
    ],
  ])('%s may not import %s', (path, specifier, what) => {
    const found = offencesOf({ [path]: `import '${specifier}';\n` });
    expect(found.filter((each) => each.rule === 'import-direction')).toMatchObject([{ at: `${path}:1`, what }]);
  });

  it('a relative import does not leave its package', () => {
    expect(onlyOffence({ 'server/src/a.ts': "import '../../core/src/wire/rev.ts';\n" })).toMatchObject({
      rule: 'import-direction',
      what: 'The relative import "../../core/src/wire/rev.ts" leaves server.',
      fix: expect.stringContaining('by its name'),
    });
  });
});

describe("a package does not import its own folder's index", () => {
  it.each([
    ['relatively', "import type { Rev } from '../wire/index.ts';\n"],
    ['by its own name', "import type { Rev } from '@coach-hub/core/wire';\n"],
  ])('%s', (_how, text) => {
    expect(onlyOffence({ 'core/src/ledger/decide.ts': text })).toMatchObject({
      rule: 'own-index',
      at: 'core/src/ledger/decide.ts:1',
      fix: 'Import the file that defines the name.',
    });
  });

  it('tests may', () => {
    expect(offencesOf({ 'core/src/wire/index.test.ts': "import './index.ts';\n" })).toEqual([]);
  });
});

describe('the SDK stays small and free of Node', () => {
  it.each([
    ['@coach-hub/core', 'The SDK imports @coach-hub/core.'],
    ['node:fs', 'The SDK imports the Node built-in node:fs.'],
    ['path', 'The SDK imports the Node built-in path.'],
  ])('does not import %s', (specifier, what) => {
    expect(onlyOffence({ 'mobile-sdk/src/queue.ts': `import '${specifier}';\n` })).toMatchObject({
      rule: 'sdk-imports',
      at: 'mobile-sdk/src/queue.ts:1',
      what,
    });
  });

  it.each([
    ['src/queue.ts', 'import(name)'],
    ['src/queue.ts', `import(\`node:\${name}\`)`],
    ['src/queue.ts', "import('@coach-hub/' + name)"],
    ['src/drivers/web.ts', 'import(name)'],
    ['src/platform.ts', 'import.meta.resolve(name)'],
  ])('%s loads nothing by a computed name: %s', (path, call) => {
    expect(onlyOffence({ [`mobile-sdk/${path}`]: `export const a = (name: string) => ${call};\n` })).toMatchObject({
      rule: 'sdk-imports',
      at: `mobile-sdk/${path}:1`,
      what: `The SDK loads a module by a computed name: ${call}.`,
      fix: expect.stringContaining('as a literal'),
    });
  });

  it.each([
    ['await import(`node:fs`);', 'The SDK imports the Node built-in node:fs.'],
    ["await import('@coach-hub/core');", 'The SDK imports @coach-hub/core.'],
    ['await import(`@coach-hub/core`);', 'The SDK imports @coach-hub/core.'],
    ['globalThis.Buffer.from(a);', 'The SDK uses the Node global Buffer.'],
  ])('%s', (text, what) => {
    expect(onlyOffence({ 'mobile-sdk/src/queue.ts': `${text}\n` })).toMatchObject({ rule: 'sdk-imports', what });
  });

  it('does not import zod', () => {
    const found = offencesOf({ 'mobile-sdk/src/queue.ts': "import { z } from 'zod';\n" });
    expect(found.map((each) => each.what)).toContain('The SDK imports zod.');
  });

  it('a driver imports no more of core than the rest', () => {
    expect(onlyOffence({ 'mobile-sdk/src/drivers/web.ts': "import '@coach-hub/core';\n" }).rule).toBe('sdk-imports');
  });

  it('uses no global of Node', () => {
    expect(onlyOffence({ 'mobile-sdk/src/queue.ts': "export const a = Buffer.from('a');\n" })).toMatchObject({
      what: 'The SDK uses the Node global Buffer.',
    });
    expect(offencesOf({ 'mobile-sdk/src/queue.ts': 'export const a = (process: { id: 1 }) => process.id;\n' })).toEqual(
      [],
    );
  });
});

describe('clock, chance and environment are passed in', () => {
  const MEMBERS = [
    ['const a = Date.now();', 'Date.now outside main.ts.'],
    ['const a = { now: Date.now };', 'Date.now outside main.ts.'],
    ['const a = globalThis.Date.now();', 'Date.now outside main.ts.'],
    ["const a = globalThis['Date'].now();", 'Date.now outside main.ts.'],
    ['const a = global.globalThis.Date.now();', 'Date.now outside main.ts.'],
    ["const a = Date['now']();", 'Date.now outside main.ts.'],
    ['const a = new Date();', 'new Date() outside main.ts.'],
    ['const a = new Date;', 'new Date() outside main.ts.'],
    ['const a = new Date(...[]);', 'new Date() outside main.ts.'],
    ['const a = Date();', 'Date() outside main.ts.'],
    ['const a = performance.now();', 'performance.now outside main.ts.'],
    ['const a = performance.timeOrigin;', 'performance.timeOrigin outside main.ts.'],
    ['const a = Math.random();', 'Math.random outside main.ts.'],
    ['const a = crypto.randomUUID();', 'crypto.randomUUID outside main.ts.'],
    ['const a = crypto.getRandomValues(b);', 'crypto.getRandomValues outside main.ts.'],
    ['const a = crypto.subtle.generateKey(b);', 'crypto.subtle outside main.ts.'],
    ['const a = globalThis.crypto.getRandomValues(b);', 'crypto.getRandomValues outside main.ts.'],
    ['const a = process.env.PORT;', 'process.env outside main.ts.'],
    ['const a = globalThis.process.env;', 'process.env outside main.ts.'],
    ['const a = process.hrtime();', 'process.hrtime outside main.ts.'],
    ['const a = process.getBuiltinModule(b);', 'process.getBuiltinModule outside main.ts.'],
  ];
  const WHOLES = [
    ['Date', 'const { now } = Date;'],
    ['Date', 'let now;\n({ now } = Date);'],
    ['Date', 'const RealDate = Date;\nRealDate.now();'],
    ['Date', 'later(Date);'],
    ['Date', 'const a = { Date };'],
    ['Date', 'class A extends Date {}'],
    ['Date', 'const a = (Date as any).now();'],
    ['Date', 'const a = Date[b]();'],
    ['Date', 'const { now } = globalThis.Date;'],
    ['performance', 'const { now } = performance;'],
    ['Math', 'const { random } = Math;'],
    ['Math', 'const a = Math[b]();'],
    ['crypto', 'const c = crypto;\nc.randomUUID();'],
    ['process', 'const p = process;\np.env;'],
    ['process', 'const { env } = process;'],
    ['process', 'export default process;'],
    ['globalThis', 'const { process: q } = globalThis;\nq.env;'],
    ['globalThis', 'const g = globalThis;\ng.Date.now();'],
    ['globalThis', 'const a = globalThis[b];'],
  ];
  const MODULES = [
    ["import { randomBytes as bytes } from 'node:crypto';", 'randomBytes of node:crypto outside main.ts.'],
    [
      "import { webcrypto as w } from 'node:crypto';\nw.getRandomValues(b);",
      'webcrypto of node:crypto outside main.ts.',
    ],
    ["import { generateKeyPairSync } from 'node:crypto';", 'generateKeyPairSync of node:crypto outside main.ts.'],
    ["import { default as c } from 'node:crypto';\nc.randomUUID();", 'default of node:crypto outside main.ts.'],
    ["export { randomInt } from 'crypto';", 'randomInt of crypto outside main.ts.'],
    [
      "import { performance as p } from 'node:perf_hooks';\np.now();",
      'performance of node:perf_hooks outside main.ts.',
    ],
    ["import { env } from 'node:process';", 'env of node:process outside main.ts.'],
    ["import * as c from 'node:crypto';\nc.randomBytes(1);", 'node:crypto as a whole outside main.ts.'],
    ["import c from 'node:crypto';\nc.randomBytes(1);", 'node:crypto as a whole outside main.ts.'],
    ["import c = require('node:crypto');\nc.randomBytes(1);", 'node:crypto is loaded as a whole outside main.ts.'],
    ["export * from 'node:crypto';", 'node:crypto as a whole outside main.ts.'],
    ["export * as c from 'crypto';", 'crypto as a whole outside main.ts.'],
    ["import perf from 'node:perf_hooks';\nperf.performance.now();", 'node:perf_hooks as a whole outside main.ts.'],
    ["import process from 'node:process';\nprocess.env;", 'node:process as a whole outside main.ts.'],
    ["const { randomUUID } = await import('node:crypto');", 'node:crypto is loaded as a whole outside main.ts.'],
    ["const a = (await import('node:crypto')).randomUUID();", 'node:crypto is loaded as a whole outside main.ts.'],
    ['const a = await import(`crypto`);', 'crypto is loaded as a whole outside main.ts.'],
    ["const name = 'node:crypto';\nawait import(name);", 'node:crypto is loaded as a whole outside main.ts.'],
    [
      "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('node:crypto').randomUUID();",
      'node:crypto is loaded as a whole outside main.ts.',
    ],
    [
      "import { createRequire as make } from 'node:module';\nconst load = make(import.meta.url);\nload('crypto');",
      'crypto is loaded as a whole outside main.ts.',
    ],
    ["const a = require('process').env;", 'process is loaded as a whole outside main.ts.'],
  ];
  const ALLOWED = [
    "// Date.now()\nexport const a = 'Math.random() process.env';",
    'export const a = (deps: { clock: { now(): number } }) => deps.clock.now();',
    'export const a = (deps: any) => deps.crypto.randomUUID() + deps.process.env + deps.performance.now();',
    'export const a = (crypto: Crypto) => crypto.randomUUID();',
    'export function a({ performance }: Deps) {\n  return performance.now();\n}',
    'export const a = (at: number) => new Date(at).getTime() + Date.parse("2026-01-01") + Math.round(at);',
    "import { createHash, scryptSync } from 'node:crypto';\nexport const a = [createHash, scryptSync];",
    "import type { randomBytes } from 'node:crypto';\nexport type A = typeof randomBytes;",
    'export const a = process.memoryUsage();',
    'export const a = process.platform + process.versions.node + process.arch;',
    'process.exitCode = 1;',
    'export const a = (b: unknown): b is Date => b instanceof Date;',
    'export interface Moment extends Date {}\nexport type A = typeof Date | Map<string, Date>;',
    'export const a = { Date: 1, process: 2 }.process;',
    "export const a = typeof process === 'undefined';",
    'export const a = [1.5].map(Math.floor);',
    'export const a = globalThis.setTimeout;',
    "export const a = 'crypto' + 'process';",
  ];
  let offencesIn;
  beforeAll(() => {
    const texts = [...MEMBERS, ...MODULES].map(([text]) => text);
    offencesIn = planted('core/src/ledger', [...texts, ...WHOLES.map(([, text]) => text), ...ALLOWED]);
  });
  const only = (what) => [{ rule: 'hidden-input', what, fix: expect.stringContaining('main.ts') }];

  it.each(MEMBERS)('%s', (text, what) => {
    expect(offencesIn(text)).toMatchObject(only(what));
  });

  it.each(WHOLES)('%s is not handed on, renamed or taken apart: %s', (name, text) => {
    const what = `${name} is handed on, renamed or taken apart outside main.ts.`;
    expect(offencesIn(text)).toMatchObject(only(what));
  });

  it.each(MODULES)('from a built-in module: %s', (text, what) => {
    expect(offencesIn(text)).toMatchObject(only(what));
  });

  it.each(ALLOWED)('allows %s', (text) => {
    expect(offencesIn(text)).toEqual([]);
  });

  it('holds for fakes of vendors too', () => {
    expect(onlyOffence({ 'plugins/garmin/fake/server.ts': 'export const a = Date.now();\n' }).at).toBe(
      'plugins/garmin/fake/server.ts:1',
    );
  });

  it('holds for a file that takes the globals from others, but not for the one in the conformance suites', () => {
    const text = "export const a = () => swap(globalThis, 'Date');\n";
    expect(onlyOffence({ 'core/src/provider/hidden-inputs.ts': text }).rule).toBe('hidden-input');
    expect(offencesOf({ 'core/src/conformance/provider/hidden-inputs.ts': text })).toEqual([]);
  });

  it('a main.ts deeper down is no exception', () => {
    expect(onlyOffence({ 'server/src/routes/main.ts': 'export const a = Date.now();\n' }).rule).toBe('hidden-input');
  });
});

describe('what a package ships, it declares', () => {
  it('an import found only because another package installed it', () => {
    expect(onlyOffence({ 'server/src/a.ts': "import { z } from 'zod/v4';\n" })).toMatchObject({
      rule: 'undeclared-dependency',
      what: 'zod is not among the dependencies of server/package.json.',
    });
  });
});

describe('production code stands without its tests', () => {
  const TEST_FILES = {
    'server/src/a.test-support.ts': 'export const a = 1;\n',
    'server/src/b.test.ts': 'export const b = 1;\n',
    'server/src/fixtures/c.ts': 'export const c = 1;\n',
  };

  it.each([
    ['./a.test-support.ts', "import { a } from './a.test-support.ts';"],
    ['./a.test-support', "export * from './a.test-support';"],
    ['./b.test.ts', "await import('./b.test.ts');"],
    ['./b.test.ts', "createRequire(import.meta.url)('./b.test.ts');"],
    ['./fixtures/c.ts', "import type { c } from './fixtures/c.ts';"],
    ['./fixtures/d.json', "import d from './fixtures/d.json' with { type: 'json' };"],
    ['@coach-hub/core/src/e.test-support.ts', "import '@coach-hub/core/src/e.test-support.ts';"],
  ])('does not import %s: %s', (specifier, text) => {
    expect(onlyOffence({ ...TEST_FILES, 'server/src/serve.ts': `${text}\n` })).toMatchObject({
      rule: 'test-import',
      at: 'server/src/serve.ts:1',
      what: `Production code imports "${specifier}", which belongs to tests.`,
      fix: expect.stringContaining('a file of its own'),
    });
  });

  it('not even in main.ts, nor under the name of an entry', () => {
    const core = { ...CLEAN['core/package.json'] };
    core.exports = { ...core.exports, './kit': { [SOURCE]: './src/kit.test-support.ts' } };
    const tree = { 'core/package.json': core, 'core/src/kit.test-support.ts': '' };
    expect(onlyOffence({ ...tree, 'server/src/main.ts': "import '@coach-hub/core/kit';\n" }).rule).toBe('test-import');
  });

  it('tests and what supports them may', () => {
    const imports = Object.keys(TEST_FILES).map((path) => `import '${path.replace('server/src', '.')}';\n`);
    expect(offencesOf({ ...TEST_FILES, 'server/src/serve.test.ts': imports.join('') })).toEqual([]);
  });
});

describe('the code of a package lies where the rules read it', () => {
  it.each([
    'core/lib/x.ts',
    'core/x.ts',
    'core/test/x.test.ts',
    'plugins/garmin/scripts/record.mjs',
    'mobile-sdk/native/index.tsx',
    'server/config/rules.config.ts',
  ])('%s does not', (path) => {
    expect(onlyOffence({ [path]: '' })).toMatchObject({
      rule: 'stray-source',
      at: path,
      what: expect.stringContaining('outside src/, fake/ and bin/'),
      fix: expect.stringContaining('Move it to src/'),
    });
  });

  it('what starts it, builds it or is built may lie elsewhere', () => {
    const paths = ['cli/bin/run.js', 'core/tsup.config.ts', 'plugins/garmin/fake/x.ts', 'core/dist/index.js'];
    expect(offencesOf(Object.fromEntries(paths.map((path) => [path, ''])))).toEqual([]);
  });
});

describe('the command', () => {
  const run = (root) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('./architecture.mjs', import.meta.url)), '--root', root], {
      encoding: 'utf8',
    });

  it('ends with 1 and says what, why and what to do', () => {
    const tree = temporaryTree({ ...CLEAN, 'core/src/a.ts': 'export const a = Date.now();\n' });
    const { status, stderr } = run(tree.root);
    tree.remove();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'core/src/a.ts:1  [hidden-input]\n  what: Date.now outside main.ts.\n  why:  A function that reads the clock',
    );
    expect(stderr).toContain('  do:   Take the clock as a dependency');
    expect(stderr).toContain('architecture: 1 offence');
  });

  it('ends with 0 on a clean tree', () => {
    const tree = temporaryTree(CLEAN);
    const { status, stdout } = run(tree.root);
    tree.remove();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^architecture: \d+ files, 10 rules, no offence\n$/);
  });
});
