import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { temporaryTree } from './temporary-tree.mjs';

// Each case starts vitest anew, once or twice.
vi.setConfig({ testTimeout: 60_000 });

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Runs scripts/test.mjs over a tree with these test files; each `body` finds vitest's functions as `v`. */
function run(bodies, args = []) {
  const files = Object.entries(bodies).map(([name, body]) => [name, `import * as v from 'vitest';\n${body}\n`]);
  const config = "export default { test: { include: ['*.test.ts'] } };\n";
  const tree = temporaryTree({ ...Object.fromEntries(files), 'package.json': {}, 'vitest.config.mjs': config });
  symlinkSync(join(repository, 'node_modules'), join(tree.root, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'scripts/test.mjs'), '--root', tree.root, ...args],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  tree.remove();
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  return { status, last: lines.at(-1), before: lines.slice(0, -1) };
}

const PASSES = "v.it('passes', () => {});";

describe('the last line of a test run', () => {
  it('counts what ran', () => {
    const { status, last } = run({ 'a.test.ts': PASSES, 'b.test.ts': `${PASSES} console.error('noise');` });
    expect({ status, last }).toEqual({ status: 0, last: '2 passed, 0 failed' });
  });

  it('counts failures and skips, and the reasons of skips come before it', () => {
    const { status, last, before } = run({
      'a.test.ts': `${PASSES} v.it('fails', () => v.expect(1).toBe(2)); v.it('waits', (c) => c.skip('no database'));`,
    });
    expect({ status, last }).toEqual({ status: 1, last: '1 passed, 1 failed' });
    expect(before).toContain('skipped: a.test.ts > waits: no database');
    expect(before).toContain('1 skipped');
  });

  it('counts a file that does not load, a suite whose hook fails and an error nobody caught as a failure each', () => {
    const { status, last } = run({
      'a.test.ts': PASSES,
      'b.test.ts': "import './missing.ts';",
      'c.test.ts': "v.describe('s', () => { v.beforeAll(() => { throw new Error('x'); }); v.it('t', () => {}); });",
      'd.test.ts': `${PASSES} Promise.reject(new Error('x'));`,
    });
    expect({ status, last }).toEqual({ status: 1, last: '2 passed, 3 failed' });
  });

  it('is no success when no test was executed', () => {
    const skipped = run({ 'a.test.ts': "v.it.skip('t', () => {});" });
    expect(skipped).toMatchObject({ status: 1, last: '0 passed, 0 failed' });
    const unmatched = run({ 'a.test.ts': PASSES }, ['no-such-file']);
    expect(unmatched).toMatchObject({ status: 1, last: '0 passed, 0 failed' });
  });

  it('is there even when the run breaks off', () => {
    const { status, last } = run({ 'a.test.ts': PASSES }, ['--no-such-option']);
    expect({ status, last }).toEqual({ status: 1, last: '0 passed, 1 failed' });
  });
});
