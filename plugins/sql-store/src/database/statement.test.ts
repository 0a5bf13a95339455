import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runnerOn } from '../sqlite/sqlite-database.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { type Params, statementsFor } from './statement.ts';

function setUp() {
  const sqlite = new BetterSqlite3(':memory:');
  sqlite.exec('create table counter (name text primary key, value integer not null)');
  return { prepare: statementsFor(sqliteDialect), run: runnerOn(sqlite) };
}

describe('a statement', () => {
  it('puts each argument where the SQL names it, however often', () => {
    const { prepare, run } = setUp();
    const save = prepare((db, p: Params<{ name: string; value: number }>) =>
      db
        .insertInto('counter')
        .values({ name: p.name, value: p.value })
        .onConflict((on) => on.column('name').doUpdateSet({ value: p.value })),
    );
    const between = prepare((db, p: Params<{ from: number; to: number; limit: number }>) =>
      db
        .selectFrom('counter')
        .select(['name', 'value'])
        .where('value', '>=', p.from)
        .where('value', '<=', p.to)
        .where('name', '!=', 'hidden')
        .orderBy('value', 'desc')
        .limit(p.limit),
    );
    for (const [name, value] of [
      ['a', 1],
      ['b', 2],
      ['hidden', 3],
      ['c', 4],
      ['a', 5],
    ] as const)
      run(save.run({ name, value }));
    expect(run(between.all({ from: 1, to: 4, limit: 9 }))).toEqual([
      { name: 'c', value: 4 },
      { name: 'b', value: 2 },
    ]);
    expect(run(between.tuples({ from: 1, to: 9, limit: 1 }))).toEqual([['a', 5]]);
    expect(run(between.get({ from: 7, to: 9, limit: 1 }))).toBeUndefined();
    expect(between.sql).toBe(
      'select "name", "value" from "counter" where "value" >= ? and "value" <= ? and "name" != ? order by "value" desc limit ?',
    );
  });

  it('fails in words of ours, with the cause', () => {
    const { prepare, run } = setUp();
    const insert = prepare((db, p: Params<{ name: string }>) =>
      db.insertInto('counter').values({ name: p.name, value: 1 }),
    );
    run(insert.run({ name: 'a' }));
    expect(() => run(insert.run({ name: 'a' }))).toThrow(expect.objectContaining({ code: 'internal' }));
    const missing = prepare((db) => db.selectFrom('athlete').selectAll());
    expect(() => run(missing.all({}))).toThrow('Run "coach db migrate".');
  });
});
