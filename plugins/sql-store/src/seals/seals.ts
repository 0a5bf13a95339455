/** Where sealed text lies, for those who look after the keys. */
import type { SealedRow, SealPlace, SealStore } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Params, Prepare } from '../database/statement.ts';

export interface SealDeps {
  database: Database;
}

type Page = { afterId: string; limit: number };
type Swap = { id: string; text: string; next: string };
type Found = Omit<SealedRow, 'place' | 'id'> & { id: string | number };

/** A key of a JSON document under which sealed text lies. */
const SEALED_KEY = '"sealed';

export function createSeals({ database }: SealDeps): SealStore {
  const pages = sealPages(database.prepare);
  const swaps = sealSwaps(database.prepare);
  return {
    async sealedRows(place, afterId, limit) {
      const rows: Found[] = await database.read<Found[]>(pages[place].all({ afterId: afterId ?? FIRST[place], limit }));
      return rows.map((row) => ({ ...row, place, id: String(row.id) }));
    },
    replaceSealed({ place, id, text }, next) {
      return database.write(function* () {
        return (yield* swaps[place].run({ id, text, next })) === 1;
      });
    },
  };
}

/** Sorts before every key of a place. */
const FIRST: { [place in SealPlace]: string } = { connection: '', attempt: '', job: '0', dead_letter: '0' };

function sealPages(prepare: Prepare) {
  const nothing = sql<null>`null`;
  return {
    connection: prepare((db, p: Params<Page>) =>
      db
        .selectFrom('connection')
        .select(['connection_id as id', 'athlete_id as athleteId', nothing.as('task')])
        .select((q) => q.ref('sealed_tokens').$notNull().as('text'))
        .where('sealed_tokens', 'is not', null)
        .where('connection_id', '>', p.afterId)
        .orderBy('connection_id')
        .limit(p.limit),
    ),
    attempt: prepare((db, p: Params<Page>) =>
      db
        .selectFrom('attempt')
        .select(['state_sha256 as id', nothing.as('athleteId'), nothing.as('task'), 'sealed_verifier as text'])
        .where('state_sha256', '>', p.afterId)
        .orderBy('state_sha256')
        .limit(p.limit),
    ),
    job: prepare((db, p: Params<Page>, { contains }) =>
      db
        .selectFrom('job')
        .select(['id', nothing.as('athleteId'), 'task', 'payload as text'])
        .where('id', '>', sql<number>`cast(${p.afterId} as bigint)`)
        .where(contains('payload', SEALED_KEY))
        .orderBy('id')
        .limit(p.limit),
    ),
    dead_letter: prepare((db, p: Params<Page>, { contains }) =>
      db
        .selectFrom('dead_letter')
        .select(['id', nothing.as('athleteId'), nothing.as('task'), 'replay as text'])
        .where('id', '>', sql<number>`cast(${p.afterId} as bigint)`)
        .where(contains('replay', SEALED_KEY))
        .orderBy('id')
        .limit(p.limit),
    ),
  };
}

function sealSwaps(prepare: Prepare) {
  return {
    connection: prepare((db, p: Params<Swap>) =>
      db
        .updateTable('connection')
        .set({ sealed_tokens: p.next })
        .where('connection_id', '=', p.id)
        .where('sealed_tokens', '=', p.text),
    ),
    attempt: prepare((db, p: Params<Swap>) =>
      db
        .updateTable('attempt')
        .set({ sealed_verifier: p.next })
        .where('state_sha256', '=', p.id)
        .where('sealed_verifier', '=', p.text),
    ),
    job: prepare((db, p: Params<Swap>) =>
      db
        .updateTable('job')
        .set({ payload: p.next })
        .where('id', '=', sql<number>`cast(${p.id} as bigint)`)
        .where('payload', '=', p.text),
    ),
    dead_letter: prepare((db, p: Params<Swap>) =>
      db
        .updateTable('dead_letter')
        .set({ replay: p.next })
        .where('id', '=', sql<number>`cast(${p.id} as bigint)`)
        .where('replay', '=', p.text),
    ),
  };
}
