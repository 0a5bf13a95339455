/** Runs flows on PostgreSQL: each answer is awaited, each write is a transaction of its own. */
import type { Log } from '@coach-hub/core';
import type pg from 'pg';
import { type Database, type Effects, noEffects } from '../database/database.ts';
import type { Call, Flow, Written } from '../database/flow.ts';
import { statementsFor } from '../database/statement.ts';
import { createLanes } from './lanes.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { isWorthRunningAgain, postgresError, rethrown } from './postgres-error.ts';
import { storable } from './storable.ts';
import { inTransaction } from './transaction.ts';

const READ_ONE_INSTANT = 'begin isolation level repeatable read read only';
/** Each statement sees what is committed when it runs; what must not change meanwhile is locked. */
const WRITE = 'begin isolation level read committed';
const MAX_RUNS = 6;
const LONGEST_PAUSE_MS = 50;

export interface PostgresDatabaseDeps {
  pool: pg.Pool;
  random: () => number;
  log: Log;
  /** Called after each commit. */
  announce: (effects: Effects) => void;
}

export function createPostgresDatabase({ pool, random, log, announce }: PostgresDatabaseDeps): Database {
  const lanes = createLanes();

  /** Runs again what another transaction stood in the way of: deadlocks, and two that insert one key at once. */
  async function write<T>(work: (effects: Effects) => Flow<T>): Promise<T> {
    for (let runs = 1; ; runs++) {
      const effects = noEffects();
      try {
        const result = await inTransaction(pool, WRITE, (client) => runOn(client, work(effects)));
        announce(effects);
        return result;
      } catch (error) {
        if (!isWorthRunningAgain(error) || runs === MAX_RUNS) throw postgresError(error);
        log.debug('a transaction is run again', { runs, code: (error as { code?: string }).code });
        await pause(random() * LONGEST_PAUSE_MS);
      }
    }
  }

  return {
    dialect: postgresDialect,
    prepare: statementsFor(postgresDialect),
    read: (flow) => runOn(pool, flow).catch(rethrown),
    snapshot: (flow) => inTransaction(pool, READ_ONE_INSTANT, (client) => runOn(client, flow)).catch(rethrown),
    write: (work, lane) => (lane === undefined ? write(work) : lanes.run(lane, () => write(work))),
  };
}

/** Runs a flow to its end. Errors are thrown into it as they come. */
async function runOn<T>(connection: Pick<pg.Pool | pg.PoolClient, 'query'>, flow: Flow<T>): Promise<T> {
  let step = flow.next();
  while (!step.done) {
    let found: unknown;
    try {
      found = await answer(connection, step.value);
    } catch (error) {
      step = flow.throw(error);
      continue;
    }
    step = flow.next(found);
  }
  return step.value;
}

async function answer(connection: Pick<pg.Pool | pg.PoolClient, 'query'>, call: Call): Promise<unknown> {
  const { statement, args, want } = call;
  const query = { name: nameOf(statement), text: statement.sql, values: statement.bind(args).map(storable) };
  if (want === 'tuples') return (await connection.query({ ...query, rowMode: 'array' })).rows;
  const { rows, rowCount } = await connection.query(query);
  if (want === 'row') return rows[0];
  return want === 'rows' ? rows : (rowCount ?? 0);
}

const names = new WeakMap<Written, string>();
let named = 0;

/** Under its name a connection plans a statement once. */
function nameOf(statement: Written): string {
  const known = names.get(statement);
  if (known !== undefined) return known;
  const name = `coach_${named++}`;
  names.set(statement, name);
  return name;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
