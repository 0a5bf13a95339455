import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Explanation, emptyImportRow, type ImportRow } from '@coach-hub/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { plain } from '../screen/style.ts';
import { coach, coachJson, emptyFolder } from '../testing/coach.test-support.ts';
import { runFile, STARTED_AT } from '../testing/run-file.test-support.ts';
import { createImportScreen } from './import-screen.ts';

const KEYS = [
  'file',
  'status',
  'objectId',
  'sport',
  'startedAt',
  'distanceM',
  'elapsedS',
  'timerS',
  'avgHeartRateBpm',
  'maxHeartRateBpm',
  'ascentM',
  'records',
  'recordsSetAside',
  'laps',
  'notes',
  'error',
];
const ATHLETE = ['--athlete', 'ann', '--tz', 'UTC'];

async function rowsOf(args: string[], cwd: string): Promise<{ code: number | null; rows: ImportRow[] }> {
  const { code, stdout } = await coach(['import', ...args, ...ATHLETE, '--json'], { cwd });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, rows: lines.map((line) => JSON.parse(line) as ImportRow) };
}

function folderWithRuns(): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'run.fit'), runFile());
  writeFileSync(join(cwd, 'long.fit'), runFile({ startS: 86_400, seconds: 3_600 }));
  writeFileSync(join(cwd, 'notes.txt'), 'not a recording');
  return cwd;
}

describe('coach import, in a folder where nobody ran anything before', () => {
  let cwd: string;
  let first: Awaited<ReturnType<typeof rowsOf>>;
  beforeAll(async () => {
    cwd = folderWithRuns();
    first = await rowsOf(['long.fit', 'run.fit'], cwd);
  });

  it('prints a row for each file, in the order given, and ends with 0', () => {
    expect(first.code).toBe(0);
    expect(first.rows.map(({ file, status, records }) => ({ file, status, records }))).toEqual([
      { file: 'long.fit', status: 'imported', records: 3_601 },
      { file: 'run.fit', status: 'imported', records: 61 },
    ]);
  });

  it('prints exactly the documented members, in their order', () => {
    expect(first.rows.map((row) => Object.keys(row))).toEqual([KEYS, KEYS]);
  });

  it('reads what the watch stated', () => {
    expect(first.rows[1]).toMatchObject({
      sport: 'run',
      startedAt: STARTED_AT,
      distanceM: 180,
      elapsedS: 60,
      timerS: 60,
      avgHeartRateBpm: 150,
      maxHeartRateBpm: 150,
      recordsSetAside: 0,
      laps: 1,
      error: null,
    });
  });

  it('makes the key file so that only its owner can read it', async () => {
    const { checks } = await coachJson<{ checks: { name: string; ok: boolean }[] }>(['doctor'], { cwd });
    expect(checks.find(({ name }) => name === 'keys')).toMatchObject({ ok: true });
  });

  it('a second time finds duplicates with the same ids, and no rev moves', async () => {
    const id = first.rows[1]?.objectId ?? '';
    const explain = () => coachJson<Explanation>(['explain', 'activity', id, '--athlete', 'ann'], { cwd });
    const before = await explain();
    const second = await rowsOf(['long.fit', 'run.fit'], cwd);
    expect(second).toEqual({ code: 0, rows: first.rows.map((row) => ({ ...row, status: 'duplicate' })) });
    expect(await explain()).toEqual(before);
  });
});

describe('coach import of files that cannot be read', () => {
  it('gives each a row with its reason and ends with 2, the rest imported', async () => {
    const { code, rows } = await rowsOf(['gone.fit', 'notes.txt', '/dev/null', 'run.fit'], folderWithRuns());
    expect(code).toBe(2);
    expect(rows.map(({ status, error }) => [status, error?.code ?? null])).toEqual([
      ['unreadable', 'file_unreadable'],
      ['unreadable', 'not_an_activity_file'],
      ['unreadable', 'file_unreadable'],
      ['imported', null],
    ]);
  });

  it('shows a name that means the terminal as text', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '\u001B[8m\u001B]0;root\u0007.fit'), 'not a recording');
    const { code, stdout, stderr } = await coach(['import', '.', ...ATHLETE], { cwd });
    expect([code, stdout.includes('is no activity file')]).toEqual([2, true]);
    expect(`${stdout}${stderr}`).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('says on the screen what is wrong', async () => {
    const { stdout } = await coach(['import', 'gone.fit', '/dev/null', ...ATHLETE], { cwd: folderWithRuns() });
    expect(stdout).toBe(
      [
        'Times are in UTC.',
        '',
        'file      status     start              distance      time',
        'gone.fit  unreadable',
        '  There is no such file. (file_unreadable)',
        'null      unreadable',
        '  It is a pipe or a device. Give a file. (file_unreadable)',
        '',
        '2 rows of 2 files: 2 unreadable.',
        '',
      ].join('\n'),
    );
  });
});

describe('coach import for people', () => {
  it('prints a line a session and a summary', async () => {
    const { code, stdout, stderr } = await coach(['import', 'run.fit', 'long.fit', ...ATHLETE], {
      cwd: folderWithRuns(),
    });
    expect({ code, screen: stdout.replace(/act_\w+/g, 'act_…') }).toEqual({
      code: 0,
      screen: [
        'Times are in UTC.',
        '',
        'file      status     start              distance      time',
        'run.fit   imported   2021-09-08 01:46      180 m      1:00',
        '  act_… · run · 150 bpm',
        'long.fit  imported   2021-09-09 01:46   10.80 km   1:00:00',
        '  act_… · run · 150 bpm',
        '',
        '2 rows of 2 files: 2 imported.',
        '',
      ].join('\n'),
    });
    expect(stderr.replace(/^\d+ of 2 files\n/gm, '')).toBe('');
  });

  it('keeps every line within the terminal, the times in the zone given, and says what was lost', () => {
    const file = 'evening-run-2021-09-08-around-the-lake.fit';
    const id = `act_${'0'.repeat(32)}`;
    const row: ImportRow = {
      ...emptyImportRow(file, 'partial'),
      ...{ objectId: id, sport: 'run', startedAt: STARTED_AT, distanceM: 10_800, timerS: 3_600, avgHeartRateBpm: 150 },
      notes: ['start_from_records', 'file_cut', 'records_set_aside'],
    };
    const screen = (columns: number) => {
      const { head, row: rowText } = createImportScreen({
        files: [file],
        timeZone: 'Asia/Tokyo',
        columns,
        style: plain,
      });
      return `${head}\n${rowText(row)}`.split('\n');
    };
    expect(screen(80)).toEqual([
      'Times are in Asia/Tokyo.',
      '',
      'file                            status     start              distance      time',
      'evening-run-202…d-the-lake.fit  partial    2021-09-08 10:46   10.80 km   1:00:00',
      `  ${id} · run · 150 bpm`,
      '  The file ends before the length it states. (file_cut) Some records were left',
      '  out, because their time cannot be. (records_set_aside)',
    ]);
    expect(screen(160)[3]).toBe(
      `${file}  partial    2021-09-08 10:46   10.80 km   1:00:00  run         150 bpm  ${id}`,
    );
  });

  it('one file given twice is a file and its duplicate', async () => {
    const { rows } = await rowsOf(['run.fit', 'run.fit'], folderWithRuns());
    expect(rows.map(({ status }) => status)).toEqual(['imported', 'duplicate']);
    expect(rows[1]?.objectId).toBe(rows[0]?.objectId);
  });

  it('keeps the name of a file and not where it lay', async () => {
    const cwd = folderWithRuns();
    const { rows } = await rowsOf([join(cwd, 'run.fit')], cwd);
    expect(rows[0]?.file).toBe(join(cwd, 'run.fit'));
    const database = readFileSync(join(cwd, '.coach/data/coach.db'), 'latin1');
    expect(database.includes(cwd)).toBe(false);
  });

  it.each([
    ['no file', ['import', '--athlete', 'ann']],
    ['no athlete', ['import', 'run.fit']],
  ])('does nothing with %s', async (_, args) => {
    const cwd = folderWithRuns();
    const ended = await coach(args, { cwd });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(/FILES is missing|--athlete is missing/);
  });
});
