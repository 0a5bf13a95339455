/**
 * `npm run size -- [--json] [--ours]`: what the SDK adds to an app, beside others that do the same job, all built by the
 * same script. The others are installed in bench/peers at pinned versions the first time; `--ours` does without.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rootArgument } from './root-argument.mjs';
import { OURS, PEERS } from './size/entries.mjs';
import { gzippedBundle } from './size/gzipped-bundle.mjs';
import { refuse } from './whole-number.mjs';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
    root: { type: 'string' },
  },
});
const root = rootArgument();
const peers = join(root, 'bench/peers');

if (!options.ours) installPeers();
const rows = [];
for (const [name, contents] of Object.entries(OURS)) rows.push(await weigh(name, contents, join(root, 'scripts')));
if (!options.ours) for (const [name, contents] of Object.entries(PEERS)) rows.push(await weigh(name, contents, peers));
if (!options.json) console.log(table(rows));

async function weigh(name, contents, folder) {
  const row = { name, gzipBytes: await gzippedBundle(contents, folder) };
  if (options.json) console.log(JSON.stringify(row));
  return row;
}

function installPeers() {
  const installed = join(peers, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(peers, 'package-lock.json')).mtimeMs)
    return;
  console.error('installing what it is compared with, in bench/peers …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peers, stdio: ['ignore', 2, 2] });
  if (status !== 0) refuse('The others could not be installed. "npm run size -- --ours" does without them.');
}

function table(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, gzipBytes }) => `${name.padEnd(width)}  ${String(gzipBytes).padStart(7)} bytes`).join('\n');
}
