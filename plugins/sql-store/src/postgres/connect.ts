import type { Log } from '@coach-hub/core';
import pg from 'pg';

/** A transaction that waits for longer than this for a lock answers `database_busy`. */
const LOCK_TIMEOUT_MS = 5_000;
/** One that nobody goes on with is ended by the database: its process has stopped or been cut off. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Connections of one process. More make nothing faster: each is a process of the database. */
const POOL_SIZE = 10;

const { builtins } = pg.types;

/** Whole numbers of ours stay below 2^53, so they are numbers and no texts. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === builtins.INT8 || oid === builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

function config(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'coach-hub',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // Acknowledged means on disk, whatever the database was set to.
    options: '-c synchronous_commit=on',
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types,
  };
}

export function openPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({ ...config(url), max: POOL_SIZE });
  // Without a listener a connection that the server closes would end the process.
  pool.on('error', (error) => log.warn('an idle connection to the database was lost', { error: error.message }));
  // So would one that is cut while it is in use. Whoever uses it hears of it by their statement.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** A connection of its own, for what lasts as long as the process: its presence, and what it listens to. */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client(config(url));
  await client.connect();
  return client;
}
