/**
 * An import that is killed or stopped, again and again, against one that nobody disturbed.
 *
 * `IMPORT_KILLS=20 IMPORT_CORPUS=/path/to/recordings npm test -- cli/src/import/killed.test.ts` does it with real
 * recordings.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportRow } from '@coach-hub/core';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, type Running, startCoach } from '../testing/coach.test-support.ts';
import { runFile } from '../testing/run-file.test-support.ts';
import { zipOf } from '../testing/zip.test-support.ts';

const KILLS = Number(process.env.IMPORT_KILLS ?? 5);
const SEED = Number(process.env.IMPORT_SEED ?? Date.now() % 1_000_000);
const DAYS = 60;

/** A run a day in a zip, the same days in a folder: every other one measured by a second watch, so that two are one. */
async function writeCorpus(): Promise<string> {
  const corpus = emptyFolder();
  const packed: { [name: string]: Uint8Array } = {};
  mkdirSync(join(corpus, 'second'));
  for (let day = 0; day < DAYS; day++) {
    const startS = day * 86_400;
    packed[`${day}.fit.gz`] = gzipSync(runFile({ startS, seconds: 600 }));
    if (day % 2 === 0)
      writeFileSync(
        join(corpus, `second/${day}.fit`),
        runFile({ startS: startS + 1, seconds: 598, metresPerSecond: 3 }),
      );
  }
  writeFileSync(join(corpus, 'first.zip'), await zipOf(packed));
  return corpus;
}

function start(corpus: string, cwd: string): Running {
  return startCoach(['import', corpus, '--athlete', 'ann', '--tz', 'UTC', '--json'], { cwd });
}

function rowsOf(stdout: string): ImportRow[] {
  const lines = stdout.split('\n').slice(0, -1); // what follows the last line break was cut
  return lines.map((line) => JSON.parse(line) as ImportRow);
}

async function untilRows(running: Running, count: number): Promise<void> {
  await running.says(new RegExp(`^(?:.*\\n){${count}}`)).catch(() => undefined); // it may have been done before
}

/** Everything a phone would see, apart from ids and revs, and that nothing is half done. */
function outcomeOf(cwd: string): { objects: string[]; envelopes: unknown } {
  const database = new Database(join(cwd, '.coach/data/coach.db'), { readonly: true });
  const objects = database.prepare('select kind, day, deleted, data, alt from object').all().map(withoutIds);
  const envelopes = database.prepare('select state, count(*) as count from envelope group by state').all();
  database.close();
  return { objects: objects.sort(), envelopes };
}

function withoutIds(row: unknown): string {
  return JSON.stringify(row).replace(/\b[a-z]{2,5}_[0-9A-Za-z]{10,}/g, 'id');
}

let corpus: string;
let undisturbed: { rows: ImportRow[]; outcome: ReturnType<typeof outcomeOf> };
beforeAll(async () => {
  corpus = process.env.IMPORT_CORPUS ?? (await writeCorpus());
  const cwd = emptyFolder();
  const { stdout } = await start(corpus, cwd).ended;
  undisturbed = { rows: rowsOf(stdout), outcome: outcomeOf(cwd) };
});

describe('an import that is killed', () => {
  it('at any moment, as often as it may be, ends as if nothing had happened', async () => {
    const total = undisturbed.rows.length;
    const cwd = emptyFolder();
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const share = ((SEED * (kill + 7) * 31) % 1_000) / 1_000;
      const running = start(corpus, cwd);
      await untilRows(running, Math.floor((total * (kill + share)) / (KILLS + 1)));
      const { code } = await running.stop('SIGKILL');
      if (code === null) killed += 1;
    }
    console.log(`killed.test: seed ${SEED}, ${killed} of ${KILLS} imports killed at work`);
    expect(killed, `seed ${SEED}`).toBeGreaterThan(0);

    const { stdout } = await start(corpus, cwd).ended;
    expect(
      rowsOf(stdout).map(({ file }) => file),
      `seed ${SEED}`,
    ).toEqual(undisturbed.rows.map(({ file }) => file));
    expect(outcomeOf(cwd), `seed ${SEED}`).toEqual(undisturbed.outcome);
  });
});

describe('an import that is stopped by Ctrl-C', () => {
  it('prints what it finished, ends with 130, and goes on from there the next time', async () => {
    const cwd = emptyFolder();
    const running = start(corpus, cwd);
    await untilRows(running, 3);
    const { code, stdout } = await running.stop('SIGINT');
    const printed = rowsOf(stdout);
    expect(code).toBe(130);
    expect(printed.length).toBeLessThan(undisturbed.rows.length);
    const imported = printed.filter(({ status }) => status === 'imported');
    expect(outcomeOf(cwd).envelopes).toEqual([{ state: 'done', count: imported.length }]);

    const next = rowsOf((await start(corpus, cwd).ended).stdout);
    expect(next.slice(0, printed.length)).toEqual(
      printed.map((row) => (row.status === 'imported' ? { ...row, status: 'duplicate' } : row)),
    );
    expect(outcomeOf(cwd)).toEqual(undisturbed.outcome);
  });

  it('tells people how to go on', async () => {
    const running = startCoach(['import', corpus, '--athlete', 'ann', '--tz', 'UTC'], { cwd: emptyFolder() });
    await untilRows(running, 9); // the head is three lines, a row is two
    const { stdout } = await running.stop('SIGINT');
    expect(stdout).toMatch(
      /\n\d+ rows of \d+ files: .*\nStopped; \d+ files known of\. The same command goes on from here\.\n$/,
    );
  });
});
