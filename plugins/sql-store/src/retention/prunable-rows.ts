/** Which rows of each class are over. Found without a lock, then removed by their key if that still holds. */
import { MUTATIONS_KEPT, type PrunableRows } from '@coach-hub/core';
import type { Compilable, Kysely, RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';

interface RowClass {
  table: keyof Schema;
  key: readonly string[];
  isOver(beforeMs: unknown): RawBuilder<boolean>;
}

/** At most so many parts has a key. */
const KEY_PARTS = ['k0', 'k1', 'k2', 'k3'] as const;
export type RowKey = { [Part in (typeof KEY_PARTS)[number]]: string | number | null };

const CLASSES: { readonly [R in PrunableRows]: RowClass } = {
  replayed_letter: {
    table: 'dead_letter',
    key: ['id'],
    isOver: (beforeMs) => sql`replayed_at_ms < ${beforeMs}`,
  },
  dead_letter: {
    table: 'dead_letter',
    key: ['id'],
    isOver: (beforeMs) => sql`replayed_at_ms is null and at_ms < ${beforeMs}`,
  },
  notice: {
    table: 'notice',
    key: ['plugin', 'connection_id', 'generation', 'sha256'],
    isOver: (beforeMs) => sql`received_at_ms < ${beforeMs}`,
  },
  dead_job: { table: 'job', key: ['id'], isOver: (beforeMs) => sql`state = 'dead' and died_at_ms < ${beforeMs}` },
  mutation: {
    table: 'mutation',
    key: ['athlete_id', 'mid'],
    // One without a seq says nothing about its client's order, and is only found by its mid.
    isOver: (beforeMs) => sql`at_ms < ${beforeMs} and (seq is null or seq <= (
      select ack_seq from client where client.client_id = mutation.client_id) - ${sql.lit(MUTATIONS_KEPT)})`,
  },
  dead_mutation: {
    table: 'dead_mutation',
    key: ['athlete_id', 'mid'],
    isOver: (beforeMs) => sql`at_ms < ${beforeMs}`,
  },
  attempt: { table: 'attempt', key: ['state_sha256'], isOver: (beforeMs) => sql`expires_at_ms < ${beforeMs}` },
};

/** Rows of a class, for one connection to the database. */
export function rowStatements(prepare: Prepare, rows: PrunableRows) {
  const { table, key, isOver } = CLASSES[rows];
  const parts = key.map((column, at) => ({ column: sql.ref(column), part: KEY_PARTS[at]! }));
  const columns = sql.join(parts.map(({ column, part }) => sql`${column} as ${sql.ref(part)}`));
  const compiled = <R>(db: Kysely<Schema>, query: RawBuilder<R>): Compilable<R> => ({
    compile: () => query.compile(db),
  });
  return {
    find: prepare((db, p: Params<{ beforeMs: number; limit: number }>) =>
      compiled(
        db,
        sql<RowKey>`select ${columns} from ${sql.table(table)} where ${isOver(p.beforeMs)} limit ${p.limit}`,
      ),
    ),
    count: prepare((db, p: Params<{ beforeMs: number }>) =>
      compiled(db, sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)} where ${isOver(p.beforeMs)}`),
    ),
    remove: prepare((db, p: Params<RowKey & { beforeMs: number }>) => {
      const isIt = sql.join(
        parts.map(({ column, part }) => sql`${column} = ${p[part]}`),
        sql` and `,
      );
      return compiled(db, sql<never>`delete from ${sql.table(table)} where ${isIt} and ${isOver(p.beforeMs)}`);
    }),
  };
}
