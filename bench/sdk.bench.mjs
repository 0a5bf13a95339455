import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';
import { openBare, openHttpHub, openPlainServer } from './support/open-http-hub.mjs';

const WRITES = 200;
const OBJECTS = 10_000;
const BATCH = 500;
const GROUP = 100;
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.parse('2000-01-01T00:00:00Z');

const run = (n) => ({
  sport: 'run',
  day: new Date(FIRST_DAY_MS + n * DAY_MS).toISOString().slice(0, 10),
  distanceM: 10_000 + (n % 500),
  elapsedS: 3_600,
  rpe: 1 + (n % 10),
  notes: 'steady and even, a little wind on the way back',
});

const perSecond = (count, startedMs) => count / ((performance.now() - startedMs) / 1_000);

function folderOf(name) {
  const folder = mkdtempSync(join(tmpdir(), `coach-bench-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Nothing to sync with: what is measured stays on the phone. */
const ALONE = { baseUrl: 'http://127.0.0.1:9', getToken: async () => null };

const localWrites = {
  name: 'SDK: local writes on disk, one a transaction, against bare inserts',
  unit: 'writes/s',
  better: 'higher',
  aim: 0.5,
  async setup() {
    const { folder, remove } = folderOf('writes');
    const database = openBetterSqlite3(join(folder, 'ours.db'));
    const coach = createCoach({ ...ALONE, database });
    const bare = openBare(join(folder, 'bare.db'));
    bare.exec('CREATE TABLE activity (id TEXT PRIMARY KEY, data TEXT NOT NULL)');
    const insert = bare.prepare('INSERT INTO activity VALUES (?, ?)');
    const write = bare.transaction((id, fields) => insert.run(id, JSON.stringify(fields)));
    let n = 0;
    await coach.status();
    return {
      async ours() {
        const startedMs = performance.now();
        for (let at = 0; at < WRITES; at++) await coach.activities.log(run(n++));
        return perSecond(WRITES, startedMs);
      },
      baseline() {
        const startedMs = performance.now();
        for (let at = 0; at < WRITES; at++) write.immediate(`act_${n}`, run(n++));
        return perSecond(WRITES, startedMs);
      },
      async close() {
        await coach.close();
        await database.close();
        bare.close();
        remove();
      },
    };
  },
};

/** Fills an athlete at the hub by pushes of another phone. */
async function fill(hub, athleteId) {
  const { epoch } = await hub.sync.head(athleteId);
  const caller = { athleteId, clientId: 'phone-before', schemaVersion: 1 };
  for (let from = 0; from < OBJECTS; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => ({
      mid: `00000000-0000-4000-8000-${String(from + at).padStart(12, '0')}`,
      stamp: `${1_700_000_000_000 + from + at}:0000`,
      kind: 'activity',
      id: `act_${from + at}`,
      op: 'put',
      set: run(from + at),
    }));
    await hub.sync.push(caller, { epoch, batch });
  }
}

const pullAll = {
  name: 'SDK: first pull of 10 k objects to disk over HTTP, against plain fetch and insert',
  unit: 'objects/s',
  better: 'higher',
  aim: 0.5,
  async setup() {
    const http = await openHttpHub();
    const athleteId = await http.athlete('puller');
    await fill(http.hub, athleteId);
    const token = await http.token('puller');
    const { folder, remove } = folderOf('pull');
    const listed = [];
    for (let cursor = null, more = true; more; ) {
      const caller = { athleteId, clientId: 'reader', schemaVersion: 1 };
      const page = JSON.parse(await http.hub.sync.pull(caller, { cursor }));
      listed.push(...page.changes);
      cursor = page.cursor;
      more = page.hasMore;
    }
    const plain = await openPlainServer(folder, listed);
    let round = 0;
    return {
      async ours() {
        const database = openBetterSqlite3(join(folder, `phone-${++round}.db`));
        const coach = createCoach({ database, baseUrl: http.url, getToken: async () => token });
        await coach.status();
        const startedMs = performance.now();
        const { state, pulled } = await coach.sync();
        const rate = perSecond(pulled, startedMs);
        if (state !== 'idle' || pulled < OBJECTS) throw new Error(`${state}, ${pulled} pulled`);
        await coach.close();
        await database.close();
        return rate;
      },
      async baseline() {
        const bare = openBare(join(folder, `bare-${++round}.db`));
        bare.exec('CREATE TABLE object (kind TEXT, id TEXT, rev INTEGER, day TEXT, data TEXT, PRIMARY KEY (kind, id))');
        const insert = bare.prepare('INSERT INTO object VALUES (?, ?, ?, ?, ?)');
        const store = bare.transaction((changes) => {
          for (const { kind, id, rev, day, data } of changes) insert.run(kind, id, rev, day, JSON.stringify(data));
        });
        let stored = 0;
        const startedMs = performance.now();
        for (let page = 0; page < plain.pages; page++) {
          const { changes } = await (await fetch(`${plain.url}/pull?after=${page}`)).json();
          store.immediate(changes);
          stored += changes.length;
        }
        const rate = perSecond(stored, startedMs);
        bare.close();
        return rate;
      },
      async close() {
        await plain.close();
        await http.close();
        remove();
      },
    };
  },
};

const pushAll = {
  name: 'SDK: push of 10 k changes in batches of 500 over HTTP, against plain fetch and insert',
  unit: 'changes/s',
  better: 'higher',
  async setup() {
    const http = await openHttpHub();
    const { folder, remove } = folderOf('push');
    const plain = await openPlainServer(folder, []);
    let round = 0;
    return {
      async ours() {
        const subject = `pusher-${++round}`;
        await http.athlete(subject);
        const token = await http.token(subject);
        const database = openBetterSqlite3(join(folder, `phone-${round}.db`));
        const coach = createCoach({ database, baseUrl: http.url, getToken: async () => token });
        for (let from = 0; from < OBJECTS; from += GROUP) {
          await coach.together(async (writes) => {
            for (let at = from; at < from + GROUP; at++) await writes.put('activity', `act_${at}`, run(at));
          });
        }
        const startedMs = performance.now();
        const { state, pushed } = await coach.sync();
        const rate = perSecond(pushed, startedMs);
        if (state !== 'idle' || pushed < OBJECTS) throw new Error(`${state}, ${pushed} pushed`);
        await coach.close();
        await database.close();
        return rate;
      },
      async baseline() {
        const startedMs = performance.now();
        for (let from = 0; from < OBJECTS; from += BATCH) {
          const batch = Array.from({ length: BATCH }, (_, at) => ({
            id: `r${round}-${from + at}`,
            set: run(from + at),
          }));
          const answer = await fetch(`${plain.url}/push`, { method: 'POST', body: JSON.stringify({ batch }) });
          if ((await answer.json()).acks.length !== BATCH) throw new Error('not stored');
        }
        return perSecond(OBJECTS, startedMs);
      },
      async close() {
        await plain.close();
        await http.close();
        remove();
      },
    };
  },
};

export default [localWrites, pullAll, pushAll];
