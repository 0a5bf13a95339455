import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@coach-hub/core';
import { plugin } from '@coach-hub/plugin-sql-store';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkBytes, contentsOf, differencesOf } from './stored-data.mjs';

const LARGE = new Uint8Array(100_000).fill(7);
const STATE = { layers: {}, anchors: {}, context: { counted: true, partOf: null, splitGroup: null, day: null } };

let folder;

/** Two runs of one athlete; the first has a series in a file, the second one in the database. */
async function makeFolder() {
  folder = mkdtempSync(join(tmpdir(), 'coach-crash-test-'));
  const { store, blobs, close } = await plugin.open({
    url: folder,
    now: Date.now,
    random: Math.random,
    log: silentLog,
  });
  await store.migrate();
  await store.ensureAthlete('ann');
  for (const [place, bytes] of [LARGE, LARGE.subarray(0, 1_000)].entries()) {
    const id = `act_${place}`;
    const series = { sha256: await blobs.put('ann', bytes), channels: ['distanceM'], points: 2 };
    const order = { vendorVersion: 0, supersession: 0, receipt: 7 + place, mappingVersion: 1 };
    const state = { ...STATE, claims: { [`file|activity|${place}`]: { fields: {}, order, series, file: null } } };
    await store.withAthleteChange('ann', {}, ({ athlete }) => {
      const rev = athlete.rev + 1;
      const object = {
        kind: 'activity',
        id,
        rev,
        createdRev: rev,
        day: null,
        startedAtMs: null,
        deleted: false,
        alt: null,
      };
      const data = JSON.stringify({ sport: 'run', distanceM: 1_000 + place });
      return { do: 'write', write: { rev, objects: [{ ...object, data, state }], aliases: [] }, result: null };
    });
  }
  await close();
}

/** A copy of the folder, with something done to it. */
function copy(alter) {
  const path = mkdtempSync(join(tmpdir(), 'coach-crash-copy-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  cpSync(folder, path, { recursive: true });
  alter(path, (sql) => {
    const db = new Database(join(path, 'coach.db'));
    db.exec(sql);
    db.close();
  });
  return path;
}

function largeFileOf(path) {
  const entries = readdirSync(join(path, 'blobs'), { recursive: true, withFileTypes: true });
  const file = entries.find((entry) => entry.isFile());
  return join(file.parentPath, file.name);
}

beforeAll(async () => {
  await makeFolder();
  return () => rmSync(folder, { recursive: true, force: true });
});

const differences = async (path) =>
  differencesOf(await contentsOf(path), await contentsOf(folder)).map(({ only }) => only);

describe('what two hubs hold', () => {
  it.each([
    ['ids', "UPDATE object SET id = 'act_other' WHERE id = 'act_0'"],
    ['revs', 'UPDATE object SET rev = rev + 5'],
    [
      'places in the order of receipt',
      'UPDATE object_state SET state = replace(state, \'"receipt":7\', \'"receipt":99\')',
    ],
  ])('is the same when only %s differ', async (_what, sql) => {
    expect(await differences(copy((_path, run) => run(sql)))).toEqual([]);
  });

  it.each([
    ['a value', "UPDATE object SET data = replace(data, '1001', '1002')", ['killed', 'undisturbed']],
    ['a tombstone', "UPDATE object SET deleted = 1 WHERE id = 'act_0'", ['killed', 'undisturbed']],
    ['a lost object', "DELETE FROM object WHERE id = 'act_0'", ['undisturbed']],
    [
      'a claim',
      'UPDATE object_state SET state = replace(state, \'"points":2\', \'"points":3\') WHERE oid = 1',
      ['killed', 'undisturbed'],
    ],
  ])('differs by %s', async (_what, sql, expected) => {
    expect((await differences(copy((_path, run) => run(sql)))).sort()).toEqual(expected);
  });
});

describe('bytes', () => {
  it('are as they should be where nothing was done', async () => {
    expect(await checkBytes(folder)).toEqual({ problems: [], named: 2, orphans: 0 });
  });

  it.each([
    ['a lost file', (path) => rmSync(largeFileOf(path)), [/names bytes that are not there/]],
    ['a lost row', (_path, run) => run('DELETE FROM blob'), [/names bytes that are not there/]],
    ['a damaged file', (path) => writeFileSync(largeFileOf(path), 'short'), [/a file is damaged/]],
    [
      'damaged bytes in the database',
      (_path, run) => run("UPDATE blob SET body = x'00'"),
      [/in the database are damaged/],
    ],
    [
      'a half-written file',
      (path) => writeFileSync(join(path, 'blobs/tmp/draft'), 'half'),
      [/something half-written is left/],
    ],
  ])('are missed: %s', async (_what, alter, expected) => {
    expect((await checkBytes(copy(alter))).problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it('that nobody names are counted', async () => {
    const path = copy((_path, run) => {
      const row = (owner) =>
        `INSERT INTO blob (athlete_id, sha256, bytes, body, stored_at_ms) SELECT '${owner}', '${EMPTY}', 0, x'', 0`;
      run(`${row('ann')}; ${row('~inbox')}`);
    });
    expect(await checkBytes(path)).toMatchObject({ orphans: 2, problems: [] });
  });
});

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
