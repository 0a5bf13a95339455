import type pg from 'pg';

/** Commits what the work did, or nothing of it. A connection that was lost on the way does not go back to the pool. */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let lost: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause) => {
      lost = cause;
    });
    throw error;
  } finally {
    client.release(lost);
  }
}
