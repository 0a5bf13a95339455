import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCoach } from '../index.ts';
import { type BetterSqlite3Driver, openBetterSqlite3 } from './better-sqlite3.ts';

let folder: string;
let driver: BetterSqlite3Driver;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coach-driver-'));
  driver = openBetterSqlite3(join(folder, 'athlete.db'));
  await driver.exec('CREATE TABLE t (x INTEGER); CREATE TABLE u (x INTEGER)');
});

afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the better-sqlite3 driver', () => {
  it('opens with WAL and flushes every commit', async () => {
    expect(await driver.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await driver.all('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
  });

  it('refuses a database that forgets', () => {
    expect(() => openBetterSqlite3(':memory:')).toThrow(expect.objectContaining({ code: 'database_unsafe' }));
  });

  it('commits what a transaction did, and gives back its value', async () => {
    const value = await driver.transaction(async (tx) => {
      await tx.run('INSERT INTO t VALUES (?)', [1]);
      return 'done';
    });
    expect(value).toBe('done');
    expect(await driver.all('SELECT x FROM t')).toEqual([{ x: 1 }]);
  });

  it('rolls back and rejects with the same error when the work fails', async () => {
    const failure = new Error('no');
    const work = driver.transaction(async (tx) => {
      await tx.run('INSERT INTO t VALUES (?)', [1]);
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await driver.all('SELECT x FROM t')).toEqual([]);
  });

  it('waits for its turn to write, so that two connections do not deadlock on an upgrade', async () => {
    const other = openBetterSqlite3(join(folder, 'athlete.db'));
    await driver.transaction(async (tx) => {
      expect(await tx.all('SELECT x FROM t')).toEqual([]);
      await tx.run('INSERT INTO t VALUES (1)');
    });
    await other.transaction(async (tx) => {
      expect(await tx.all('SELECT x FROM t')).toEqual([{ x: 1 }]);
    });
    await other.close();
  });
});

describe('a file', () => {
  it('of a newer SDK is refused, on every call', async () => {
    await driver.exec('PRAGMA user_version = 99');
    const coach = createCoach({ database: driver, baseUrl: 'https://hub.test', getToken: async () => 'token' });
    await expect(coach.activities.list()).rejects.toMatchObject({ code: 'database_too_new' });
    await expect(coach.activities.log({ sport: 'run' })).rejects.toMatchObject({ code: 'database_too_new' });
  });
});
