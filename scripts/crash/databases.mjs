/** PostgreSQL databases of one run. */
import pg from 'pg';

/** @param server address of a database whose user may create others. */
export function createDatabases(server) {
  const made = [];

  async function ask(sql) {
    const client = new pg.Client(server);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  return {
    /** @returns its address. */
    async create(name) {
      const database = `coach_crash_${process.pid}_${name.replaceAll(/[^a-z0-9]/g, '_')}`;
      await ask(`create database ${database}`);
      made.push(database);
      const url = new URL(server);
      url.pathname = `/${database}`;
      return url.href;
    },
    names: () => made,
    async drop() {
      for (const database of made.splice(0)) await ask(`drop database ${database} with (force)`);
    },
  };
}
