import { describe, expect, it } from 'vitest';
import { DEFAULT_CONDITIONS, resolveExport } from './package-exports.ts';

const resolve = (exports: unknown, subpath = '.', conditions = DEFAULT_CONDITIONS, main: string | null = null) =>
  resolveExport(
    { dir: '/p', json: { name: 'p', version: '1', coach: {}, exports, main, dependencies: [] } },
    subpath,
    conditions,
  );

describe('an export of a package', () => {
  const conditional = { '.': { source: './src/a.ts', types: './a.d.ts', import: './a.js' }, './b': './b.js' };

  it.each([
    ['a plain text', './a.js', '.', 'file:///p/a.js'],
    ['conditions', conditional, '.', 'file:///p/a.js'],
    ['a subpath', conditional, './b', 'file:///p/b.js'],
    ['conditions without subpaths', { require: './a.cjs', default: './a.js' }, '.', 'file:///p/a.js'],
    ['nested conditions', { '.': { node: { require: './a.cjs' }, default: './a.js' } }, '.', 'file:///p/a.js'],
    ['alternatives', { '.': [{ require: './a.cjs' }, './a.js'] }, '.', 'file:///p/a.js'],
    ['a subpath it has not', conditional, './c', null],
    ['a subpath shut by null', { '.': null }, '.', null],
    ['a way out of the package', '../other/a.js', '.', null],
    ['a hidden way out of the package', './x/../../other/a.js', '.', null],
    ['a dependency’s file', './node_modules/x/a.js', '.', null],
    ['an absolute path', '/etc/a.js', '.', null],
  ])('is read from %s', (_, exports, subpath, expected) => {
    expect(resolve(exports, subpath)).toBe(expected);
  });

  it('follows the conditions it is given, in the package’s order', () => {
    expect(resolve(conditional, '.', ['source', 'import'])).toBe('file:///p/src/a.ts');
  });

  it('falls back on main', () => {
    expect(resolve(undefined, '.', [], 'lib/a.js')).toBe('file:///p/lib/a.js');
    expect(resolve(undefined)).toBe('file:///p/index.js');
  });
});
