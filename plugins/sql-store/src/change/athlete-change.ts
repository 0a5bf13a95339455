/** The one way synced objects are written: load → decide → write, in one transaction, under the athlete's counter. */
import type { AthleteChangeStore, AthleteRow, DecideStep, Loaded, LoadRequest } from '@coach-hub/core';
import { broken } from '../database/broken.ts';
import type { Database, Effects } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { ATHLETE_COLUMNS, athleteOf } from './athlete-row.ts';
import { athleteUnknown } from './athlete-unknown.ts';
import { createLoader } from './load.ts';
import { createChangeWriter } from './write-change.ts';

/** A decision that asks more often than this does not end. */
const MAX_LOADS = 100;

export interface AthleteChangeDeps {
  database: Database;
  now: () => number;
  insertJobs: JobInserter;
}

export function createAthleteChanges(deps: AthleteChangeDeps): Omit<AthleteChangeStore, 'onCommit'> {
  const { database, now, insertJobs } = deps;
  const { prepare } = database;
  const loader = createLoader(prepare);
  const writeChange = createChangeWriter({ prepare, now, insertJobs });
  const athletes = { ...athleteReads(prepare), ...athleteWrites(prepare) };

  function* change<T>(
    athleteId: string,
    first: LoadRequest,
    decide: (loaded: Loaded) => DecideStep<T>,
    effects: Effects,
  ): Flow<T> {
    const reading = yield* loader.begin(athleteId);
    if (!reading) throw athleteUnknown(athleteId);
    yield* loader.load(reading, first);
    for (let loads = 0; loads < MAX_LOADS; loads++) {
      const step = decide(reading.loaded);
      if (step.do === 'write') {
        if (step.write) yield* writeChange(reading, step.write, effects);
        return step.result;
      }
      yield* loader.load(reading, step.load);
    }
    throw broken(`A decision asked for more than ${MAX_LOADS} times.`);
  }

  /** Inside a transaction. */
  function* create(athleteId: string): Flow<AthleteRow> {
    yield* athletes.insert.run({ athleteId });
    return athleteOf((yield* athletes.byId.get({ athleteId }))!);
  }

  async function find(athleteId: string): Promise<AthleteRow | null> {
    const row = await database.read(athletes.byId.get({ athleteId }));
    return row ? athleteOf(row) : null;
  }

  return {
    async ensureAthlete(athleteId) {
      return (await find(athleteId)) ?? database.write(() => create(athleteId));
    },
    async athleteOfSubject(issuer, subject, newId) {
      const known = await database.read(athletes.bySubject.get({ issuer, subject }));
      if (known) return athleteOf(known);
      return database.write(function* () {
        yield* athletes.insertSubject.run({ issuer, subject, athleteId: newId });
        const { athleteId } = (yield* athletes.subject.get({ issuer, subject }))!;
        return yield* create(athleteId);
      });
    },
    async athlete(athleteId) {
      return find(athleteId);
    },
    withAthleteChange(athleteId, load, decide) {
      return database.write((effects) => change(athleteId, load, decide, effects), `athlete ${athleteId}`);
    },
  };
}

function athleteReads(prepare: Prepare) {
  return {
    byId: prepare((db, p: Params<{ athleteId: string }>) =>
      db.selectFrom('athlete').select(ATHLETE_COLUMNS).where('athlete_id', '=', p.athleteId),
    ),
    bySubject: prepare((db, p: Params<{ issuer: string; subject: string }>) =>
      db
        .selectFrom('subject')
        .innerJoin('athlete', 'athlete.athlete_id', 'subject.athlete_id')
        .select(ATHLETE_COLUMNS)
        .where('issuer', '=', p.issuer)
        .where('subject', '=', p.subject),
    ),
  };
}

function athleteWrites(prepare: Prepare) {
  return {
    insert: prepare((db, p: Params<{ athleteId: string }>) =>
      db
        .insertInto('athlete')
        .values({ athlete_id: p.athleteId, epoch_n: 0, rev: 0, floor: 0, time_zone: null, source_priority: null })
        .onConflict((on) => on.doNothing()),
    ),
    insertSubject: prepare((db, p: Params<{ issuer: string; subject: string; athleteId: string }>) =>
      db
        .insertInto('subject')
        .values({ issuer: p.issuer, subject: p.subject, athlete_id: p.athleteId })
        .onConflict((on) => on.doNothing()),
    ),
    subject: prepare((db, p: Params<{ issuer: string; subject: string }>) =>
      db
        .selectFrom('subject')
        .select('athlete_id as athleteId')
        .where('issuer', '=', p.issuer)
        .where('subject', '=', p.subject),
    ),
  };
}
