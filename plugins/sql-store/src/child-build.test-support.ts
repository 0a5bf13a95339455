import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { temporaryFolder } from './temporary-folder.test-support.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OWN = '@coach-hub/plugin-sql-store';

/** Foreign packages stay outside; of ours only what is used comes in, so that starting many children stays quick. */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup({ onResolve }) {
    onResolve({ filter: /^@coach-hub\/core/ }, ({ path }) => ({
      path: join(ROOT, path.replace('@coach-hub/core', 'core/src'), 'index.ts'),
      sideEffects: false,
    }));
    onResolve({ filter: /^@coach-hub\/plugin-sql-store$/ }, ({ path }) => ({
      path: join(ROOT, path.replace(OWN, 'plugins/sql-store/src/index.ts')),
      sideEffects: false,
    }));
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path, external: true, sideEffects: false },
    );
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path), sideEffects: false }));
  },
};

/** Builds a program into one file that node can run in a child process. */
export async function buildForChild(source: { file: string } | { text: string }): Promise<string> {
  const folder = temporaryFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const outfile = join(folder, 'child.mjs');
  await build({
    ...('file' in source ? { entryPoints: [source.file] } : { stdin: { contents: source.text, loader: 'ts' } }),
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [onlyWhatIsUsed],
    logLevel: 'silent',
  });
  return outfile;
}
