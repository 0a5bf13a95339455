import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
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
  ])('%s', (_how, text) => {
    expect(onlyOffence({ 'plugins/garmin/src/split.ts': text })).toMatchObject({
      rule: 'plugin-island',
      at: 'plugins/garmin/src/split.ts:1',
      what: 'A plugin imports another plugin: plugins/garmin imports plugins/file.',
      fix: expect.stringContaining('Move what the two share to core'),
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
  it.each([
    ['const a = Date.now();', 'Date.now outside main.ts.'],
    ['const a = { now: Date.now };', 'Date.now outside main.ts.'],
    ['const a = globalThis.Date.now();', 'Date.now outside main.ts.'],
    ["const a = Date['now']();", 'Date.now outside main.ts.'],
    ['const { now } = Date;', 'Date.now outside main.ts.'],
    ['const a = new Date();', 'new Date() outside main.ts.'],
    ['const a = new Date;', 'new Date() outside main.ts.'],
    ['const a = Date();', 'Date() outside main.ts.'],
    ['const a = performance.now();', 'performance.now outside main.ts.'],
    ["import { performance as p } from 'node:perf_hooks';\nconst a = p.now();", 'performance.now outside main.ts.'],
    ['const a = Math.random();', 'Math.random outside main.ts.'],
    ['const a = crypto.randomUUID();', 'crypto.randomUUID outside main.ts.'],
    ['const a = crypto.getRandomValues(b);', 'crypto.getRandomValues outside main.ts.'],
    ['const a = globalThis.crypto.getRandomValues(b);', 'crypto.getRandomValues outside main.ts.'],
    ["import { randomBytes as bytes } from 'node:crypto';", 'randomBytes of node:crypto outside main.ts.'],
    ["export { randomInt } from 'crypto';", 'randomInt of crypto outside main.ts.'],
    ["import * as c from 'node:crypto';\nconst a = c.randomBytes(1);", 'crypto.randomBytes outside main.ts.'],
    ["import c from 'node:crypto';\nconst a = c.webcrypto.randomUUID();", 'webcrypto.randomUUID outside main.ts.'],
    [
      "import { webcrypto as w } from 'node:crypto';\nconst a = w.getRandomValues(b);",
      'webcrypto.getRandomValues outside main.ts.',
    ],
    ['const a = process.env.PORT;', 'process.env outside main.ts.'],
    ["import p from 'node:process';\nconst a = p.env;", 'process.env outside main.ts.'],
    ["import { env } from 'node:process';", 'env of node:process outside main.ts.'],
  ])('%s', (text, what) => {
    expect(onlyOffence({ 'core/src/ledger/decide.ts': `${text}\n` })).toMatchObject({
      rule: 'hidden-input',
      what,
      fix: expect.stringContaining('main.ts'),
    });
  });

  it.each([
    ["// Date.now()\nexport const a = 'Math.random() process.env';"],
    ['export const a = (deps: { clock: { now(): number } }) => deps.clock.now();'],
    ['export const a = (deps: any) => deps.crypto.randomUUID() + deps.process.env + deps.performance.now();'],
    ['export const a = (crypto: Crypto) => crypto.randomUUID();'],
    ['export function a({ performance }: Deps) {\n  return performance.now();\n}'],
    ['export const a = (at: number) => new Date(at).getTime() + Date.parse("2026-01-01") + Math.round(at);'],
    ["import { createHash, scryptSync } from 'node:crypto';\nexport const a = [createHash, scryptSync];"],
    ["import type { randomBytes } from 'node:crypto';\nexport type A = typeof randomBytes;"],
    ['export const a = process.memoryUsage();'],
  ])('allows %s', (text) => {
    expect(offencesOf({ 'core/src/ledger/decide.ts': `${text}\n` })).toEqual([]);
  });

  it('holds for fakes of vendors too', () => {
    expect(onlyOffence({ 'plugins/garmin/fake/server.ts': 'export const a = Date.now();\n' }).at).toBe(
      'plugins/garmin/fake/server.ts:1',
    );
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
    expect(stdout).toMatch(/^architecture: \d+ files, 8 rules, no offence\n$/);
  });
});
