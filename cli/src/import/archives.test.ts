/** `coach import` of what people have: account exports, folders, and what somebody mean put among them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportRow } from '@coach-hub/core';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { coach, emptyFolder } from '../testing/coach.test-support.ts';
import { runFile } from '../testing/run-file.test-support.ts';
import { zipOf } from '../testing/zip.test-support.ts';

const ATHLETE = ['--athlete', 'ann', '--tz', 'UTC'];

/** Every day another run. */
const run = (day: number) => runFile({ startS: day * 86_400, seconds: 60 });

interface Imported {
  code: number | null;
  rows: ImportRow[];
  stderr: string;
}

async function importInto(cwd: string, ...paths: string[]): Promise<Imported> {
  const { code, stdout, stderr } = await coach(['import', ...paths, ...ATHLETE, '--json'], { cwd });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, rows: lines.map((line) => JSON.parse(line) as ImportRow), stderr };
}

function told({ rows }: Imported): string[] {
  return rows.map(({ file, status, error }) => `${status} ${file}${error === null ? '' : ` ${error.code}`}`);
}

async function watchMakersExport(): Promise<Uint8Array> {
  const tables = Array.from({ length: 200 }, (_, day) => [`DI_CONNECT/DI-Connect-Wellness/${day}.json`, '[]']);
  const uploads = { 'ann_1.fit': run(1), 'ann_2.fit': run(2), 'ann_3.txt': 'a note' };
  return zipOf({
    ...Object.fromEntries(tables),
    'DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip': await zipOf(uploads),
    'customer_data/customer.json': '{}',
  });
}

function trainingLogsExport(): Promise<Uint8Array> {
  return zipOf({
    'activities.csv': 'Activity ID,Filename\n3,activities/3.fit.gz\n',
    'activities/3.fit.gz': gzipSync(run(3)),
    'activities/4.fit': run(4),
    'media/start.jpg': new Uint8Array(3_000).fill(7),
  });
}

/** Under a name no packing program would write. */
function renamed(zip: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(from, to), 'latin1');
}

describe('coach import of everything at once', () => {
  let cwd: string;
  let first: Imported;
  const paths = ['watch.zip', 'log.zip', 'folder', 'single.fit.gz', 'nothing', 'bomb.gz'];
  beforeAll(async () => {
    cwd = emptyFolder();
    writeFileSync(join(cwd, 'watch.zip'), await watchMakersExport());
    writeFileSync(join(cwd, 'log.zip'), await trainingLogsExport());
    writeFileSync(join(cwd, 'single.fit.gz'), gzipSync(run(5)));
    writeFileSync(join(cwd, 'bomb.gz'), gzipSync(new Uint8Array(4_000_000)));
    mkdirSync(join(cwd, 'nothing/deep'), { recursive: true });
    mkdirSync(join(cwd, 'folder/2024/may'), { recursive: true });
    const inFolder = (name: string, bytes: Uint8Array | string) => writeFileSync(join(cwd, 'folder', name), bytes);
    inFolder('2024/may/6.fit', run(6));
    inFolder('2024/broken.fit', 'not a recording');
    inFolder('2024/7', run(7));
    inFolder('.hidden.fit', run(8));
    inFolder('notes.txt', 'my notes');
    inFolder('again.zip', renamed(await zipOf({ 'x/6.fit': run(6), 'aa/bb/9.fit': run(9) }), 'aa/bb/', '../../'));
    inFolder('cut.zip', (await zipOf({ '1.fit': run(1) })).slice(0, 300));
    symlinkSync('..', join(cwd, 'folder/round'));
    symlinkSync('2024/7', join(cwd, 'folder/seven.fit'));
    execFileSync('mkfifo', [join(cwd, 'folder/pipe.fit')]);
    first = await importInto(cwd, ...paths);
  });

  it('gives a row for each recording and each refusal, in the order found, and nothing stops the rest', () => {
    expect(told(first)).toEqual([
      'imported watch.zip/DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip/ann_1.fit',
      'imported watch.zip/DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip/ann_2.fit',
      'imported log.zip/activities/3.fit.gz',
      'imported log.zip/activities/4.fit',
      'imported folder/2024/7',
      'unreadable folder/2024/broken.fit not_an_activity_file',
      'imported folder/2024/may/6.fit',
      'duplicate folder/again.zip/x/6.fit',
      'imported folder/again.zip/9.fit',
      'unreadable folder/cut.zip archive_damaged',
      'duplicate folder/seven.fit',
      'imported single.fit.gz',
      'no_activity nothing nothing_found',
      'unreadable bomb.gz archive_ratio',
    ]);
    expect(first.code).toBe(2);
  });

  it('counts what is no recording in one line, and not in rows', () => {
    expect(first.stderr.split('\n').filter((line) => line.includes('passed over'))).toEqual([
      '205 other files passed over: 201 .json, 2 .txt, 1 .csv, 1 .jpg.',
    ]);
  });

  it('a second time gives the same rows as duplicates', async () => {
    const { rows } = await importInto(cwd, ...paths);
    const again = (row: ImportRow) => (row.status === 'imported' ? { ...row, status: 'duplicate' } : row);
    expect(rows).toEqual(first.rows.map(again));
  });

  it('calls a recording by its own name, wherever it was packed', () => {
    const database = new Database(join(cwd, '.coach/data/coach.db'), { readonly: true });
    const names = database.prepare("select json_extract(ref, '$.fileName') as name from envelope order by 1").all();
    database.close();
    const expected = ['3.fit', '4.fit', '6.fit', '7', '9.fit', 'ann_1.fit', 'ann_2.fit', 'single.fit'];
    expect(names).toEqual(expected.map((name) => ({ name })));
  });
});

describe('a file that was imported before', () => {
  it('is told from what was kept, and decoded again only when the mapping has changed since', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'run.fit'), run(1));
    await importInto(cwd, 'run.fit');
    const database = new Database(join(cwd, '.coach/data/coach.db'));
    database.exec(`update envelope set ref = replace(ref, '\\"distanceM\\":180', '\\"distanceM\\":181')`);
    const kept = await importInto(cwd, 'run.fit');
    database.exec("update envelope set ref = json_set(ref, '$.reportVersion', 0)");
    const decoded = await importInto(cwd, 'run.fit');
    database.close();
    expect([...kept.rows, ...decoded.rows].map(({ status, distanceM }) => [status, distanceM])).toEqual([
      ['duplicate', 181],
      ['duplicate', 180],
    ]);
  });
});

describe('coach import of a folder, for people', () => {
  it('prints rows and, in the summary, what was passed over', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'run.fit'), run(1));
    writeFileSync(join(cwd, 'notes.txt'), 'my notes');
    const { code, stdout, stderr } = await coach(['import', '.', ...ATHLETE], { cwd });
    expect({ code, stderr, stdout: stdout.replace(/act_\w+/, 'act_…') }).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'Times are in UTC.',
        '',
        'file       status     start              distance      time',
        'run.fit    imported   2021-09-09 01:46      180 m      1:00',
        '  act_… · run · 150 bpm',
        '',
        '1 row of 1 file: 1 imported.',
        '1 other file passed over: 1 .txt.',
        '',
      ].join('\n'),
    });
  });
});
