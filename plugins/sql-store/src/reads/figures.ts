/** Figures for an operator's dashboard: each costs what waits or what is connected, not what is stored. */
import type { FiguresStore, StoreFigures } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Prepare } from '../database/statement.ts';

export interface FiguresDeps {
  database: Database;
  /** Size on disk by part. */
  sizes: () => Promise<StoreFigures['databaseBytes']>;
}

export function createFigures({ database, sizes }: FiguresDeps): FiguresStore['figures'] {
  const read = figureStatements(database.prepare);
  return async () => ({
    deadLetters: await database.read(read.letters.all({})),
    connections: await database.read(read.connections.all({})),
    questionsOpen: (await database.read(read.questions.get({})))?.questions ?? 0,
    databaseBytes: await sizes(),
  });
}

export function figureStatements(prepare: Prepare) {
  return {
    letters: prepare((db) =>
      db
        .selectFrom('dead_letter')
        .select(['plugin', 'stage', 'code'])
        .select((q) => q.fn.countAll<number>().as('letters'))
        .where('replayed_at_ms', 'is', null)
        .groupBy(['plugin', 'stage', 'code'])
        .orderBy('plugin')
        .orderBy('stage')
        .orderBy('code'),
    ),
    connections: prepare((db) =>
      db
        .selectFrom('connection')
        .select(['plugin', 'state'])
        .select((q) => q.fn.countAll<number>().as('connections'))
        .groupBy(['plugin', 'state'])
        .orderBy('plugin')
        .orderBy('state'),
    ),
    // Athlete by athlete, which is one seek each in the index of days; by kind alone every object would be read.
    questions: prepare((db) =>
      db.selectFrom('athlete').select((q) =>
        q.fn
          .sum<number>(
            q
              .selectFrom('object')
              .select((o) => o.fn.countAll<number>().as('rows'))
              .whereRef('object.athlete_id', '=', 'athlete.athlete_id')
              .where('object.kind', '=', sql.lit('question'))
              .where('object.deleted', '=', sql.lit(0)),
          )
          .as('questions'),
      ),
    ),
  };
}
