/** Puts the page together in a folder: two bundles, SQLite's WebAssembly, and the files as they are. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** @param folder where the page goes. */
export async function buildPage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: {
      app: join(here, 'app.mjs'),
      hooks: join(here, 'hooks.mjs'),
      'wasm-worker': fileURLToPath(import.meta.resolve('@coach-hub/mobile-sdk/wasm-worker')),
      'service-worker': join(here, 'service-worker.mjs'),
    },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  for (const file of ['index.html', 'hooks.html', 'style.css', 'icon.svg', 'manifest.webmanifest']) {
    copyFileSync(join(here, file), join(folder, file));
  }
  const wasm = createRequire(import.meta.resolve('@coach-hub/mobile-sdk/wasm')).resolve(
    '@sqlite.org/sqlite-wasm/sqlite3.wasm',
  );
  copyFileSync(wasm, join(folder, 'sqlite3.wasm'));
}
