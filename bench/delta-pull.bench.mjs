import pg from 'pg';
import { newBenchDatabase } from './support/bench-database.mjs';
import { openBenchHub } from './support/open-hub.mjs';

const PULLS = 300;
const CHANGES = 10;

/** An athlete with so many logged runs, and the cursor just before the last ten changes. */
async function fill(hub, athleteId, objects) {
  await hub.athletes.ensure(athleteId);
  const caller = { athleteId, clientId: `phone-${athleteId}`, schemaVersion: 1 };
  const firstDayMs = Date.parse('0100-01-01T00:00:00Z');
  const { epoch } = await hub.sync.head(athleteId);
  for (let index = 0; index < objects; index += 500) {
    const batch = Array.from({ length: Math.min(500, objects - index) }, (_, offset) => {
      const n = index + offset;
      return {
        mid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        stamp: `${1_700_000_000_000 + n}:0000`,
        kind: 'activity',
        id: `act_${n}`,
        op: 'put',
        set: {
          sport: 'run',
          day: new Date(firstDayMs + n * 86_400_000).toISOString().slice(0, 10),
          distanceM: 10_000,
          elapsedS: 3_600,
          rpe: 5,
          notes: 'steady and even',
        },
      };
    });
    await hub.sync.push(caller, { epoch, batch });
  }
  return pullOf(hub, caller);
}

/** The caller, and the cursor just before the last ten changes. */
async function pullOf(hub, caller) {
  const { rev } = await hub.sync.head(caller.athleteId);
  const full = JSON.parse(await hub.sync.pull(caller, { cursor: null, limit: 1 }));
  // The cursor's third part is the rev it stands at.
  const cursor = full.cursor
    .split('.')
    .slice(0, 6)
    .with(2, String(rev - CHANGES))
    .join('.');
  return { caller, cursor };
}

async function pullMs(hub, { caller, cursor }) {
  const startedAtMs = performance.now();
  for (let pull = 0; pull < PULLS; pull++) {
    const body = await hub.sync.pull(caller, { cursor });
    if (pull === 0 && JSON.parse(body).changes.length !== CHANGES) throw new Error('not ten changes');
  }
  return (performance.now() - startedAtMs) / PULLS;
}

/**
 * The same in PostgreSQL, written there by itself: a push of a million runs would take a quarter of an hour, and what a
 * delta reads is these rows.
 */
async function fillPostgres(hub, url, athleteId, objects) {
  await hub.athletes.ensure(athleteId);
  const client = new pg.Client(url);
  await client.connect();
  const data = '{"sport":"run","day":"2020-01-01","distanceM":10000,"elapsedS":3600,"rpe":5,"notes":"steady and even"}';
  await client.query(
    `insert into object (athlete_id, kind, id, rev, created_rev, day, started_at_ms, deleted, data, alt)
     select $1, 'activity', 'act_' || n, n, n, to_char(date '0100-01-01' + n, 'YYYY-MM-DD'), null, 0, $2, null
     from generate_series(1, $3::int) as n`,
    [athleteId, data, objects],
  );
  await client.query('update athlete set rev = $2 where athlete_id = $1', [athleteId, objects]);
  await client.query('vacuum analyze object');
  await client.end();
  return pullOf(hub, { athleteId, clientId: `phone-${athleteId}`, schemaVersion: 1 });
}

const common = { unit: 'ms', better: 'lower', aim: 1.2 };

export default [
  {
    ...common,
    name: 'delta pull of 10 changes with 1 M objects stored against 1 k',
    async setup() {
      const { hub, close } = await openBenchHub();
      const small = await fill(hub, 'small', 1_000);
      const large = await fill(hub, 'large', 1_000_000);
      return { ours: () => pullMs(hub, large), baseline: () => pullMs(hub, small), close };
    },
  },
  {
    ...common,
    name: 'delta pull of 10 changes with 1 M objects stored against 1 k, on PostgreSQL',
    async setup() {
      const database = await newBenchDatabase();
      const { hub, close } = await openBenchHub({ db: database.url });
      const small = await fillPostgres(hub, database.url, 'small', 1_000);
      const large = await fillPostgres(hub, database.url, 'large', 1_000_000);
      return {
        ours: () => pullMs(hub, large),
        baseline: () => pullMs(hub, small),
        async close() {
          await close();
          await database.drop();
        },
      };
    },
  },
];
