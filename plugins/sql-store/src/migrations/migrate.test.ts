import type { HubError } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TABLES } from '../database/tables.ts';
import { plugin } from '../index.ts';
import { type Kind, kindsHere } from '../new-place.test-support.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { MIGRATIONS, migrationsOf } from './registry.ts';
import { openSchema } from './schema-of.test-support.ts';
import { statementsOf } from './statements-of.ts';

async function setUp({ newPlace }: Kind) {
  const place = await newPlace();
  onTestFinished(() => place.remove());
  const open = async () => {
    const opened = await plugin.open(optionsFor(place.url));
    onTestFinished(() => opened.close());
    return opened;
  };
  const schema = async () => {
    const opened = await openSchema(place.url);
    onTestFinished(() => opened.close());
    return opened;
  };
  return { open, schema };
}

it('the migrations are numbered in the order they are applied', () => {
  expect(MIGRATIONS.map(({ name }) => name.slice(0, 4))).toEqual(
    MIGRATIONS.map((_, at) => String(at + 1).padStart(4, '0')),
  );
});

it('every table of the schema is made by a migration of one database or the other', async () => {
  const made = new Set<string>();
  for (const kind of await kindsHere()) {
    const { open, schema } = await setUp(kind);
    await (await open()).store.migrate();
    for (const table of await (await schema()).tables()) made.add(table);
  }
  // Of those that are there alone where PostgreSQL is, nothing can be said without it.
  const wanted = made.has('large_blob') ? TABLES : TABLES.filter((table) => !/^(large_blob|blob_)/.test(table));
  expect([...made].sort()).toEqual([...wanted]);
});

describe.each(await kindsHere())('the migrations on $name', (kind) => {
  it('leave nothing behind when they are taken back, and can be applied again', async () => {
    const { open, schema } = await setUp(kind);
    const { store } = await open();
    await store.migrate();
    const { dialect, definitions, exec, tables } = await schema();
    const before = await definitions();
    const migrations = migrationsOf(store.dialect as 'sqlite' | 'postgres');
    for (const { down } of [...migrations].reverse()) {
      for (const each of await statementsOf(down, dialect)) await exec(each);
    }
    expect(await tables()).toEqual(['migration']);
    for (const { up } of migrations) for (const each of await statementsOf(up, dialect)) await exec(each);
    expect(await definitions()).toEqual(before);
  });

  it('are applied by one of three processes that start at once', async () => {
    const { open } = await setUp(kind);
    const opened = [await open(), await open(), await open()];
    const applied = await Promise.all(opened.map(({ store }) => store.migrate()));
    const all = migrationsOf(opened[0]!.store.dialect as 'sqlite' | 'postgres').length;
    expect(applied.map(({ length }) => length).sort((a, b) => a - b)).toEqual([0, 0, all]);
  });

  it('are all or nothing', async () => {
    const { open, schema } = await setUp(kind);
    const { store } = await open();
    const { exec, tables } = await schema();
    // What a migration in the middle wants to make is there already.
    await exec('create table job (id integer)');
    await expect(store.migrate()).rejects.toMatchObject({ code: 'internal' });
    expect(await tables()).toEqual(['job']);
  });
});

describe.each(await kindsHere())('a database on $name', (kind) => {
  it('of a newer version is refused, naming the version to install', async () => {
    const { open, schema } = await setUp(kind);
    await (await open()).store.migrate();
    await (await schema()).exec("insert into migration values ('0099-new', '2.1.0', 0)");
    const refusal = await open().then(
      () => null,
      (error: HubError) => error,
    );
    expect(refusal).toMatchObject({ code: 'database_too_new' });
    expect(refusal?.message).toContain('2.1.0');
  });

  it('that was not migrated opens, lists what is pending, and says what to do when it is used', async () => {
    const { open } = await setUp(kind);
    const { store } = await open();
    const pending = await store.migrationStatus();
    expect(pending.length).toBeGreaterThan(9);
    expect(pending.every(({ appliedAt }) => appliedAt === null)).toBe(true);
    await expect(store.ensureAthlete('ath_1')).rejects.toMatchObject({ fix: 'Run "coach db migrate".' });
    expect(await store.migrate()).toEqual(pending.map(({ name }) => name));
    expect((await store.ensureAthlete('ath_1')).rev).toBe(0);
    expect((await store.migrationStatus())[0]).toEqual({
      name: '0001-athlete',
      appliedAt: '2026-03-01T00:00:00.000Z',
    });
  });
});
