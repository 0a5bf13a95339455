/** A PostgreSQL database for a measurement, on a server whose commits wait for the disk. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SUPPORT = join(root, 'plugins/sql-store/src/postgres');

/** The server of `TEST_DATABASE_URL`, or one started for this. */
export async function newBenchDatabase() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'coach-bench-'));
  const outfile = join(folder, 'support.mjs');
  const contents = `export { newDatabase } from './own-databases.test-support.ts';
    export { startOwnServer } from './own-server.test-support.ts';`;
  await build({
    stdin: { contents, resolveDir: SUPPORT, loader: 'ts' },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const { newDatabase, startOwnServer } = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? null : await startOwnServer({ durable: true });
  if (!given && server === null) throw new Error('There is no PostgreSQL here. Set TEST_DATABASE_URL.');
  const { url, drop } = await newDatabase(given ?? server.url);
  return {
    url,
    async drop() {
      await drop();
      await server?.stop();
    },
  };
}
