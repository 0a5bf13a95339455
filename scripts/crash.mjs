/**
 * `npm run crash -- [--kills N] [--imports N] [--phones N] [--seed N] [--db URL] [--json] [--keep]`: kills hub and phone with SIGKILL
 * at random moments and compares what is left with what was acknowledged.
 *
 * - webhooks: `coach serve` takes in a stream of webhooks and phone pushes beside a fake vendor and is killed `--kills`
 *   times (100): while it starts, under load, and while it works off what it took in.
 * - import: `coach import` of a whole folder is killed `--imports` times (20) and run again to its end.
 * - phone: a phone of the real SDK is killed `--phones` times (20) while it writes and syncs, its hub now and then too.
 *
 * Objects must be the same apart from ids and revs, sending everything again may move no rev, and all bytes that are
 * named must be there. Progress goes to stderr, the result to stdout, with --json as one object on the last line. Exit
 * code 1 on any difference; the data is kept then, as with --keep. `--only webhooks|import|phone` plays one part. With `--db`
 * all hubs are on PostgreSQL: each has a database of its own, made on the server of that address.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabases } from './crash/databases.mjs';
import { crashDuringImport } from './crash/imports.mjs';
import { crashPhones } from './crash/phones.mjs';
import { seeded } from './crash/seeded.mjs';
import { crashUnderWebhooks } from './crash/webhooks.mjs';
import { refuse, wholeNumber } from './whole-number.mjs';

const PARTS = ['webhooks', 'import', 'phone'];
const SHOWN_DIFFERENCES = 10;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    imports: { type: 'string', default: '20' },
    phones: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    db: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const kills = wholeNumber(options, 'kills');
const imports = wholeNumber(options, 'imports');
const phones = wholeNumber(options, 'phones');
const seed = wholeNumber(options, 'seed');
if (options.only !== undefined && !PARTS.includes(options.only)) refuse(`--only: expected one of ${PARTS.join(', ')}`);

const startedMs = performance.now();
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'coach-crash-'));
const say = (text) => console.error(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
let isKept = options.keep;
process.once('exit', () => {
  if (!isKept) rmSync(folder, { recursive: true, force: true });
});

const databases = options.db === undefined ? null : createDatabases(options.db);
say(`seed ${seed}`);
const play = (part, run, kills, nth) =>
  options.only === undefined || options.only === part
    ? run({ folder, databases, random: seeded(seed + nth), kills, say })
    : null;
const webhooks = await play('webhooks', crashUnderWebhooks, kills, 0);
const imported = await play('import', crashDuringImport, imports, 1);
const phone = await play('phone', crashPhones, phones, 2);

const parts = [webhooks, imported, phone].filter((part) => part !== null);
const found = parts.flatMap(({ differences, problems }) => [...differences, ...problems]);
const report = {
  kills: webhooks?.kills ?? 0,
  deliveriesAcknowledged: webhooks?.deliveriesAcknowledged ?? 0,
  objects: webhooks?.objects ?? 0,
  differences: parts.reduce((sum, { differences }) => sum + differences.length, 0),
  problems: parts.reduce((sum, { problems }) => sum + problems.length, 0),
  revsMoved: parts.reduce((sum, { revsMoved }) => sum + revsMoved, 0),
  seconds: Math.round((performance.now() - startedMs) / 1_000),
  seed,
  webhooks: webhooks && counted(webhooks),
  import: imported && counted(imported),
  phone: phone && counted(phone),
};
for (const line of found.slice(0, SHOWN_DIFFERENCES)) console.error(line);
if (found.length > 0 || report.revsMoved > 0) {
  process.exitCode = 1;
  isKept = true;
}
if (isKept) say(`data folders: ${folder}${databases ? `, databases: ${databases.names().join(', ')}` : ''}`);
else await databases?.drop();
console.log(options.json ? JSON.stringify(report) : table(report));

function counted({ differences, problems, ...rest }) {
  return { ...rest, differences: differences.length, problems: problems.length };
}

function table({ webhooks, import: imported, phone, ...totals }) {
  const rows = [
    ['', totals],
    ['webhooks: ', webhooks],
    ['import: ', imported],
    ['phone: ', phone],
  ]
    .filter(([, part]) => part)
    .flatMap(([of, part]) => Object.entries(part).map(([name, value]) => [`${of}${name}`, value]));
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('\n');
}
