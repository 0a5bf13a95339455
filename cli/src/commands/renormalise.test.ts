/** A plugin of the project's own is corrected: what that does to history is shown, done, and done once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectChange, Renormalised } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { coach, emptyFolder, startCoach } from '../testing/coach.test-support.ts';

/** Reads `{ id, start, yards }`; the first edition took yards for metres. */
function installYards(cwd: string, mappingVersion: number, fields: string): void {
  const dir = join(cwd, 'yards');
  mkdirSync(dir, { recursive: true });
  const manifest = { id: 'yards', contract: 1, kinds: ['provider'], normalise: './normalise', streams: ['runs'] };
  const exported = { '.': './index.js', './normalise': './normalise.js' };
  const packageJson = { name: 'coach-plugin-yards', version: '1.0.0', type: 'module', exports: exported };
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ ...packageJson, coach: manifest }));
  writeFileSync(
    join(dir, 'normalise.js'),
    `export function normalise({ bytes }) {
       const run = JSON.parse(new TextDecoder().decode(bytes));
       const fields = { sport: 'run', startedAt: run.start, elapsedS: 600, timerS: 600, ${fields} };
       const claim = { kind: 'activity', externalId: run.id, form: 'summary', part: 0, origin: 'device', identities: [],
         groupKey: null, quality: null, vendorVersion: 0, supersession: 0, series: null, file: null, fields };
       return { claims: [claim], notes: [], report: [{ status: 'complete', startedAtMs: null, notes: [] }] };
     }`,
  );
  writeFileSync(
    join(dir, 'index.js'),
    `import { normalise } from './normalise.js';
     export const plugin = {
       id: 'yards', displayName: 'Yards', variant: null, lifecycle: { state: 'available' },
       mappingVersion: ${mappingVersion},
       streams: { runs: { kinds: ['activity'], acquisition: new Set(['file_import']), permission: null,
         time: { instant: 'utc_with_offset', day: 'start' }, expectedLatencyS: null, provisional: false,
         ambiguousOwner: false } },
       hosts: {}, limits: [],
       policy: { retentionDays: null, aiUse: 'allowed', merging: 'allowed', audience: 'any', attribution: null,
         deleteOnDisconnect: false, region: null },
       history: { type: 'all' }, auth: { type: 'none' },
       file: { extensions: ['.json'], maxBytes: 1000000, stream: 'runs' },
       normalise,
     };`,
  );
}

const FIRST = 'distanceM: run.yards';
const CORRECTED = 'distanceM: Math.round(run.yards * 914.4) / 1000, deviceModel: run.watch ?? null';

async function project(runs: number): Promise<{ cwd: string; ids: string[] }> {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'coach.config.json'), JSON.stringify({ plugins: ['./yards'] }));
  installYards(cwd, 1, FIRST);
  mkdirSync(join(cwd, 'runs'));
  const files = Array.from({ length: runs }, (_, at) => {
    const start = new Date(Date.UTC(2026, 0, 1 + at, 7)).toISOString();
    const file = join('runs', `${at}.json`);
    writeFileSync(join(cwd, file), JSON.stringify({ id: `run-${at}`, start, yards: 1_000 + at }));
    return file;
  });
  const { stdout, stderr } = await coach(['import', ...files, '--athlete', 'ann', '--json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  const rows = stdout.trim().split('\n');
  return { cwd, ids: rows.map((line) => (JSON.parse(line) as { objectId: string }).objectId) };
}

const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('coach renormalise', () => {
  it('shows what a corrected mapping would change, does it, and does it once', async () => {
    const { cwd, ids } = await project(2);
    const [first, second] = ids;
    const nothing = await coach(['renormalise', '--plugin', 'yards'], { cwd });
    expect(nothing.stdout).toBe(
      'yards, mapping 1: 0 envelopes of 0 read.\n  Nothing was read by an older mapping. A changed one raises its version above 1.\n\n0 objects changed.\n',
    );
    installYards(cwd, 2, CORRECTED);
    const shown = await coach(['renormalise', '--dry-run', '--plugin', 'yards'], { cwd });
    expect({ ...shown, stderr: '' }).toEqual({
      code: 0,
      stderr: '',
      stdout: `activity ${second}  2026-01-02  changed  ann
    avgSpeedMps  1.668 → 1.526
    distanceM  1001 → 915.314
activity ${first}  2026-01-01  changed  ann
    avgSpeedMps  1.667 → 1.524
    distanceM  1000 → 914.4
yards, mapping 2: 2 envelopes of 2 read.

2 objects would change. Nothing was written.
`,
    });
    const foreseen = lines((await coach(['renormalise', '--dry-run', '--json', '--plugin', 'yards'], { cwd })).stdout);
    expect(foreseen).toHaveLength(3);
    const done = lines((await coach(['renormalise', '--json', '--plugin', 'yards'], { cwd })).stdout);
    expect(done.slice(0, -1)).toEqual(foreseen.slice(0, -1));
    expect(done.at(-1)).toMatchObject({ dryRun: false, stopped: false, objects: 2 });
    const again = lines((await coach(['renormalise', '--json', '--plugin', 'yards'], { cwd })).stdout);
    expect(again).toMatchObject([{ objects: 0, plugins: [{ envelopes: 0, read: 0 }] }]);
  });

  it('is stopped by Ctrl-C and goes on where it stopped', async () => {
    const { cwd, ids } = await project(230);
    installYards(cwd, 2, CORRECTED);
    const running = startCoach(['renormalise', '--plugin', 'yards', '--json'], { cwd });
    await running.says('"changed"');
    const stopped = await running.stop('SIGINT');
    const before = lines(stopped.stdout);
    const report = before.at(-1) as Renormalised;
    const rest = lines((await coach(['renormalise', '--plugin', 'yards', '--json'], { cwd })).stdout);
    const changed = [...before.slice(0, -1), ...rest.slice(0, -1)].map((change) => (change as ObjectChange).id);
    expect(changed.sort()).toEqual([...ids].sort());
    expect(rest.at(-1)).toMatchObject({ stopped: false });
    // A machine that is quick enough was done before the signal came.
    expect([stopped.code, report.stopped]).toEqual(report.stopped ? [130, true] : [0, false]);
  });

  it('refuses a day that is none, and a plugin that is not there', async () => {
    const { cwd } = await project(1);
    const noDay = await coach(['renormalise', '--since', '2026-02-30'], { cwd });
    expect({ code: noDay.code, first: noDay.stderr.split('\n')[0] }).toEqual({
      code: 1,
      first: 'The command was not run.',
    });
    expect((await coach(['renormalise', '--plugin', 'nobody'], { cwd })).code).toBe(1);
  });
});
