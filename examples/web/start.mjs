/**
 * Serves the page for a hub that runs:
 *
 *     COACH_TOKEN=$(npx coach token ann) npm run web -- http://127.0.0.1:8080
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PORT = 8090;
const here = dirname(fileURLToPath(import.meta.url));
const [hubUrl] = process.argv.slice(2);
const token = process.env.COACH_TOKEN;
if (!hubUrl || !token) {
  console.error('Say which hub, and who: COACH_TOKEN=$(npx coach token ann) npm run web -- http://127.0.0.1:8080');
  process.exit(2);
}
// Beside its sources, so that it finds what they find.
const program = join(here, '.serve.mjs');
await build({
  entryPoints: [join(here, 'serve.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const { serve } = await import(program).finally(() => rmSync(program));
const folder = mkdtempSync(join(tmpdir(), 'coach-page-'));
const page = await serve({ folder, hubUrl: hubUrl.replace(/\/+$/, ''), athleteId: 'me', token, port: PORT });
console.log(`Open ${page.url} (Ctrl-C ends it)`);
process.once('SIGINT', async () => {
  await page.close();
  rmSync(folder, { recursive: true, force: true });
});
