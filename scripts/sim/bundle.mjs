/**
 * The simulator with the real code in it, in one file, so that it runs wherever Node does, and so that a defect can be put
 * into the code on the way.
 */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const OURS = /^(?:[./]|@coach-hub\/)/;

/**
 * @param defect `{ file, find, replace }`: a piece of code that occurs once in one file, and what stands there instead.
 * @returns the path of the bundle. It lies where Node finds the packages it needs.
 */
export async function bundleSimulator(root, defect = null) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outfile = join(mkdtempSync(join(cache, 'coach-sim-')), 'run-seed.mjs');
  await build({
    entryPoints: [join(root, 'scripts/sim/run-seed.mjs')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@coach-hub/source'],
    logLevel: 'error',
    sourcemap: 'inline',
    plugins: [othersOutside(), ...(defect === null ? [] : [withDefect(root, defect)])],
  });
  return outfile;
}

function othersOutside() {
  return {
    name: 'others-outside',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, kind }) =>
        kind === 'entry-point' || OURS.test(path) ? null : { path, external: true },
      );
    },
  };
}

function withDefect(root, { file, find, replace }) {
  return {
    name: 'defect',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== join(root, file)) return null;
        const text = readFileSync(path, 'utf8');
        if (text.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
        return { contents: text.replace(find, () => replace), loader: 'ts' };
      });
    },
  };
}
