/** Figures for an operator's dashboard: each costs what waits or what is connected, not what is stored. */
import { stat } from 'node:fs/promises';
import type { FiguresStore } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Prepare } from '../database/statement.ts';

export interface FiguresDeps {
  prepareRead: Prepare;
  /** Path of the database file. */
  database: string;
}

export function createFigures({ prepareRead, database }: FiguresDeps): FiguresStore['figures'] {
  const read = figureStatements(prepareRead);
  return async () => ({
    deadLetters: read.letters.all({}),
    connections: read.connections.all({}),
    questionsOpen: read.questions.get({})?.questions ?? 0,
    databaseBytes: [
      { part: 'database', bytes: await sizeOf(database) },
      { part: 'wal', bytes: await sizeOf(`${database}-wal`) },
    ],
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

/** 0 where there is none: the write-ahead log comes and goes. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
