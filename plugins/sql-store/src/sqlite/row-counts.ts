import type { Sqlite } from './open-sqlite.ts';

/** Rows of each table, by its name. It reads every table once: for `doctor`, not for a hot path. */
export function rowCounter(reading: Sqlite): () => Promise<{ [table: string]: number }> {
  return async () => {
    const tables = reading
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
      .pluck()
      .all() as string[];
    const count = (table: string) => reading.prepare(`select count(*) from "${table}"`).pluck().get() as number;
    return Object.fromEntries(tables.map((table) => [table, count(table)]));
  };
}
