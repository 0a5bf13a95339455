import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from './testing/temporary-tree.mjs';

const COMPLETE = {
  '': { dependencies: { bundler: '1.0.0' } },
  'node_modules/bundler': {
    version: '1.0.0',
    integrity: 'sha512-a',
    optionalDependencies: { 'bundler-linux': '1.0.0' },
  },
  'node_modules/bundler-linux': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};

function lockcheck(packages, dependencies = { bundler: '1.0.0' }) {
  const tree = temporaryTree({
    'package.json': { dependencies },
    'package-lock.json': { lockfileVersion: 3, packages },
  });
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('./lockcheck.mjs', import.meta.url)), '--root', tree.root],
    { encoding: 'utf8' },
  );
  tree.remove();
  return { status, says: stderr.split('\n')[0] };
}

describe('the lock file is accepted everywhere', () => {
  it('when it is complete', () => {
    expect(lockcheck(COMPLETE)).toEqual({ status: 0, says: '' });
  });

  it("not when another platform's package was left out", () => {
    const { 'node_modules/bundler-linux': _, ...rest } = COMPLETE;
    expect(lockcheck(rest)).toEqual({
      status: 1,
      says: 'node_modules/bundler: optional bundler-linux is missing from the lock file',
    });
  });

  it('not when a download address is recorded', () => {
    const resolved = 'https://packages.example/bundler.tgz';
    expect(
      lockcheck({ ...COMPLETE, 'node_modules/bundler': { ...COMPLETE['node_modules/bundler'], resolved } }),
    ).toEqual({
      status: 1,
      says: 'a download address is recorded; .npmrc needs omit-lockfile-registry-resolved=true',
    });
  });

  it('not when a package has no integrity hash', () => {
    expect(lockcheck({ ...COMPLETE, 'node_modules/bundler-linux': { version: '1.0.0' } })).toEqual({
      status: 1,
      says: 'node_modules/bundler-linux: no integrity hash',
    });
  });

  it('not when package.json asks for something else', () => {
    expect(lockcheck(COMPLETE, { bundler: '2.0.0' })).toEqual({
      status: 1,
      says: 'package.json: "dependencies" differs from the lock file; run "npm install"',
    });
  });
});
