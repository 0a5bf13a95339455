import { join } from 'node:path';
import type { HubError } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { openTemporary, optionsFor, temporaryFolder } from '../temporary-folder.test-support.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './registry.ts';
import { statementsOf } from './statements-of.ts';

function databaseAt(path: string) {
  const sqlite = new BetterSqlite3(path);
  onTestFinished(() => {
    sqlite.close();
  });
  return sqlite;
}

const deps = (path: string, migrations: readonly Migration[] = MIGRATIONS) => ({
  path,
  migrations,
  now: () => Date.UTC(2026, 2, 1),
  newEpoch: () => 'ep1',
});

describe('the migrations', () => {
  it('are numbered in the order they are applied', () => {
    expect(MIGRATIONS.map(({ name }) => name.slice(0, 4))).toEqual(
      MIGRATIONS.map((_, at) => String(at + 1).padStart(4, '0')),
    );
  });

  it('leave nothing behind when they are taken back, and can be applied again', async () => {
    const path = join(temporaryFolder(), 'test.db');
    await migrate(deps(path));
    const sqlite = databaseAt(path);
    const schema = () =>
      sqlite.prepare("select name, sql from sqlite_master where name not like 'sqlite_%' order by name").all();
    const before = schema();
    for (const { down } of [...MIGRATIONS].reverse()) {
      for (const each of await statementsOf(down)) sqlite.exec(each);
    }
    expect(schema()).toHaveLength(1);
    for (const { up } of MIGRATIONS) for (const each of await statementsOf(up)) sqlite.exec(each);
    expect(schema()).toEqual(before);
  });

  it('are applied by one of two processes that start at once', async () => {
    const path = join(temporaryFolder(), 'test.db');
    const applied = await Promise.all([migrate(deps(path)), migrate(deps(path))]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, MIGRATIONS.length]);
  });

  it('are all or nothing', async () => {
    const path = join(temporaryFolder(), 'test.db');
    const bad: Migration = {
      name: '9999-bad',
      since: '9.9.9',
      up: async (db) => {
        await db.schema.createTable('fine').addColumn('id', 'integer').execute();
        await db.schema.createTable('athlete').addColumn('id', 'integer').execute();
      },
      down: async () => {},
    };
    await expect(migrate(deps(path, [...MIGRATIONS, bad]))).rejects.toMatchObject({ code: 'internal' });
    expect(databaseAt(path).prepare('select name from sqlite_master').all()).toEqual([]);
  });
});

describe('a database of a newer version', () => {
  it('is refused, naming the version to install', async () => {
    const { store, folder, close } = await openTemporary();
    await close();
    databaseAt(join(folder, 'coach.db')).exec("insert into migration values ('0099-new', '2.1.0', 0)");
    const refusal = await plugin.open(optionsFor(folder)).then(
      () => null,
      (error: HubError) => error,
    );
    expect(refusal).toMatchObject({ code: 'database_too_new' });
    expect(refusal?.message).toContain('2.1.0');
    expect(store.dialect).toBe('sqlite');
  });
});

describe('a database that was not migrated', () => {
  it('opens, lists what is pending, and says what to do when it is used', async () => {
    const opened = await plugin.open(optionsFor(temporaryFolder()));
    onTestFinished(() => opened.close());
    expect((await opened.store.migrationStatus()).map(({ appliedAt }) => appliedAt)).toEqual(
      MIGRATIONS.map(() => null),
    );
    await expect(opened.store.ensureAthlete('ath_1')).rejects.toMatchObject({ fix: 'Run "coach db migrate".' });
    await opened.store.migrate();
    expect((await opened.store.ensureAthlete('ath_1')).rev).toBe(0);
    expect((await opened.store.migrationStatus())[0]).toEqual({
      name: '0001-athlete',
      appliedAt: '2026-03-01T00:00:00.000Z',
    });
  });
});
