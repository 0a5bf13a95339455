/** Every recording of the shared corpus through `coach import`, against what the corpus says it holds. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportRow } from '@coach-hub/core';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { coach, emptyFolder } from '../testing/coach.test-support.ts';

const SHARED = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const available = existsSync(join(SHARED, 'expected.json'));
const reason = available ? '' : ' (skipped: the shared recordings are not on this machine)';

interface ExpectedSession {
  start_time: string;
  total_distance: number | null;
  total_elapsed_time: number | null;
  total_timer_time: number | null;
  avg_heart_rate: number | null;
  max_heart_rate: number | null;
  total_ascent: number | null;
}
interface Expected {
  messages: { record?: number; lap?: number };
  sessions?: ExpectedSession[];
}

/** Our figure, theirs, and by how much they may differ. */
function figures(row: ImportRow, session: ExpectedSession): [string, number | null, number | null, number][] {
  return [
    ['distanceM', row.distanceM, session.total_distance, 1],
    ['elapsedS', row.elapsedS, session.total_elapsed_time, 1],
    ['timerS', row.timerS, session.total_timer_time, 1],
    ['avgHeartRateBpm', row.avgHeartRateBpm, session.avg_heart_rate, 1],
    ['maxHeartRateBpm', row.maxHeartRateBpm, session.max_heart_rate, 1],
    ['ascentM', row.ascentM, session.total_ascent, 1],
  ];
}

function counted(words: string[]): { [word: string]: number } {
  const counts: { [word: string]: number } = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe.skipIf(!available)(`coach import of every recording${reason}`, () => {
  const expected: { [file: string]: { expected: Expected } } = available
    ? JSON.parse(readFileSync(join(SHARED, 'expected.json'), 'utf8')).files
    : {};
  const names = available
    ? readdirSync(join(SHARED, 'fit'))
        .filter((name) => name.endsWith('.fit'))
        .sort()
    : [];
  const args = [
    'import',
    ...names.map((name) => join(SHARED, 'fit', name)),
    '--athlete',
    'demo',
    '--tz',
    'UTC',
    '--json',
  ];
  let cwd: string;
  let rows: ImportRow[];
  const rowsOf = (name: string) => rows.filter((row) => row.file.endsWith(`/${name}`));
  const imported = async () => {
    const { stdout } = await coach(args, { cwd });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ImportRow);
  };

  /** The athlete's counter: it rises with every change that a phone would hear of. */
  const newestRev = () => {
    const database = new Database(join(cwd, '.coach/data/coach.db'), { readonly: true });
    const row = database.prepare('select max(rev) as rev from athlete').get() as { rev: number };
    database.close();
    return row.rev;
  };

  beforeAll(async () => {
    cwd = emptyFolder();
    rows = await imported();
  });

  it.each(names)('%s gives the sessions it holds, and every record and lap belongs to one', (name) => {
    const { messages, sessions } = (expected[`fit/${name}`] as { expected: Expected }).expected;
    const own = rowsOf(name);
    const sum = (count: (row: ImportRow) => number) => own.reduce((total, row) => total + count(row), 0);
    expect({ records: sum((row) => row.records), laps: sum((row) => row.laps) }).toEqual({
      records: messages.record ?? 0,
      laps: messages.lap ?? 0,
    });
    if (sessions === undefined || sessions.length === 0) return expect(own).toHaveLength(1);
    expect(own).toHaveLength(sessions.length);
    for (const [index, session] of sessions.entries()) {
      const row = own[index] as ImportRow;
      const apartMs = Math.abs(Date.parse(row.startedAt ?? '') - Date.parse(session.start_time));
      expect(apartMs, 'start').toBeLessThan(1_000);
      for (const [figure, ours, theirs, within] of figures(row, session)) {
        if (theirs === null) expect(ours, figure).toBeNull();
        else expect(Math.abs((ours ?? Number.NaN) - theirs), figure).toBeLessThanOrEqual(within);
      }
    }
  });

  it('together with everything else that lies there leaves no file without an answer', async () => {
    const folder = (name: string) => readdirSync(join(SHARED, name)).map((file) => join(SHARED, name, file));
    const all = ['fit', 'tcx', 'gpx', 'json', 'csv', 'xml'].flatMap(folder);
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await coach(['import', ...all, '--athlete', 'demo', '--tz', 'UTC', '--json'], {
      cwd,
    });
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ImportRow);
    expect([...new Set(told.map(({ file }) => file))].sort()).toEqual([...all].sort());
    expect([code, /^\s+at /m.test(stderr)]).toEqual([2, false]);
    for (const { file, status, error, objectId } of told) {
      const isRead = status === 'imported' || status === 'partial';
      expect([isRead, objectId !== null], file).toEqual([error === null, isRead]);
      if (error === null) continue;
      expect(['unreadable', 'no_activity', 'not_supported'], file).toContain(status);
      expect(error.code, file).not.toBe('internal');
      expect(`${error.what} ${error.fix}`, file).toMatch(/^.{20,}\. .{20,}\.$/);
    }
    console.info(
      `recordings: ${JSON.stringify(counted(told.map((row) => `${row.status} ${row.error?.code ?? ''}`.trim())))}`,
    );
  });

  it('changes nothing when it is run again', async () => {
    const before = newestRev();
    expect(before).toBeGreaterThan(0);
    const again = await imported();
    const asDuplicates = rows.map((row) =>
      row.status === 'imported' || row.status === 'partial' ? { ...row, status: 'duplicate' } : row,
    );
    expect(again).toEqual(asDuplicates);
    expect(newestRev()).toBe(before);
  });
});
