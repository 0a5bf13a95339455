/** The size of a bundle as a browser downloads it: esbuild, minified, gzip -9. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** @param folder where the packages of the entry are found. @returns bytes. */
export async function gzippedBundle(contents, folder) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // An app that uses hooks has React already; so for whomever else uses it.
    external: ['react'],
    write: false,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
