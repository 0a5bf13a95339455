/** Envelopes that a mapping newer than the one that read them would read anew. */
import type { InboxStore, ReadAnewFilter } from '@coach-hub/core';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { ENVELOPE_COLUMNS, envelopeOf, hasBytes } from './envelope-rows.ts';

type FilterColumns = {
  plugin: string;
  mappingVersion: number;
  athleteId: string | null;
  stream: string | null;
  sinceMs: number;
};

export function createReadAnew(
  database: Database,
): Pick<InboxStore, 'envelopesToReadAnew' | 'countToReadAnew' | 'athletesToReadAnew'> {
  const read = readAnewStatements(database.prepare);
  return {
    async envelopesToReadAnew(filter, after, limit) {
      const place = { receipt: after?.receipt ?? Number.MAX_SAFE_INTEGER, id: after?.id ?? 0 };
      return (await database.read(read.page.all({ ...columnsOf(filter), ...place, limit }))).map(envelopeOf);
    },
    async countToReadAnew(filter) {
      const { all, kept } = (await database.read(read.count.get(columnsOf(filter))))!;
      return { envelopes: kept, withoutBytes: all - kept };
    },
    async athletesToReadAnew(filter) {
      return (await database.read(read.athletes.all(columnsOf(filter)))).map(({ athleteId }) => athleteId);
    },
  };
}

function columnsOf({ plugin, mappingVersion, athleteId, stream, sinceMs }: ReadAnewFilter): FilterColumns {
  return { plugin, mappingVersion, athleteId: athleteId ?? null, stream: stream ?? null, sinceMs: sinceMs ?? 0 };
}

function readAnewStatements(prepare: Prepare) {
  const toRead = (db: Kysely<Schema>, p: Params<FilterColumns>) =>
    db
      .selectFrom('envelope')
      .where('plugin', '=', p.plugin)
      .where('mapping_version', '<', p.mappingVersion)
      .where('state', '=', sql.lit('done'))
      .where('received_at_ms', '>=', p.sinceMs)
      .where(sql<boolean>`(cast(${p.athleteId} as text) is null or athlete_id = ${p.athleteId})`)
      .where(sql<boolean>`(cast(${p.stream} as text) is null or stream = ${p.stream})`);
  return {
    page: prepare((db, p: Params<FilterColumns & { receipt: number; id: number; limit: number }>) =>
      toRead(db, p)
        .select(ENVELOPE_COLUMNS)
        .where(hasBytes())
        .where('receipt', '<=', p.receipt)
        .where((q) => q.or([q('receipt', '<', p.receipt), q('id', '<', p.id)]))
        .orderBy('receipt', 'desc')
        .orderBy('id', 'desc')
        .limit(p.limit),
    ),
    count: prepare((db, p: Params<FilterColumns>) =>
      toRead(db, p).select((q) => [
        q.fn.countAll<number>().as('all'),
        sql<number>`count(case when ${hasBytes()} then 1 end)`.as('kept'),
      ]),
    ),
    athletes: prepare((db, p: Params<FilterColumns>) =>
      toRead(db, p).select('athlete_id as athleteId').where(hasBytes()).distinct().orderBy('athlete_id'),
    ),
  };
}
