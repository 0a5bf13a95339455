/** A server that cuts its connections, as one does that is restarted: the hub lives on, and who asked may ask again. */
import { type HubError, silentLog } from '@coach-hub/core';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { again, cutAll } from './cut.test-support.ts';
import { ask, newDatabase, serverUrl } from './own-databases.test-support.ts';

const ATHLETES = 8;

const server = await serverUrl();
if (server === null) console.warn('skipped: a PostgreSQL that cuts its connections; there is none here.');

describe.skipIf(server === null)('connections that are cut in the middle of transactions', () => {
  it('cost the changes that were under way, which may be tried again, and nothing else', {
    timeout: 60_000,
  }, async () => {
    const { url, drop } = await newDatabase(server!);
    onTestFinished(drop);
    const { store, close } = await plugin.open(optionsFor(url, { random: Math.random, log: silentLog }));
    onTestFinished(close);
    await store.migrate();
    const ids = Array.from({ length: ATHLETES }, (_, at) => `ath_${at}`);
    for (const id of ids) await store.ensureAthlete(id);
    // So that every transaction is open when it happens: half of them in a statement, half between two.
    await ask(
      url,
      `create function wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(30); return new; end $$;
       create trigger late before update on athlete for each row when (old.athlete_id < 'ath_4') execute function wait_long();`,
    );
    const changes = ids.map((id) =>
      store
        .withAthleteChange(id, {}, ({ athlete }) => ({
          do: 'write',
          write: { rev: athlete.rev, objects: [], aliases: [], timeZone: 'Europe/Berlin' },
          result: null,
        }))
        .then(
          () => 'stored',
          ({ code, retry }: HubError) => `${code}, ${retry}`,
        ),
    );
    const reading = ids.map((id) =>
      store.readDelta(id, null, 0, 10).then(
        () => 'read',
        ({ code }: HubError) => code,
      ),
    );
    await untilWaiting(url, 4);
    await cutAll(url);
    expect((await Promise.all(changes)).slice(0, 4)).toEqual(Array(4).fill('busy, later'));
    for (const answer of await Promise.all(reading)) expect(['read', 'busy']).toContain(answer);

    await ask(url, 'drop trigger late on athlete');
    await again(() => store.ensureAthlete('ath_new'));
    expect((await again(() => store.athlete('ath_0')))?.timeZone).toBeNull();
  });
});

async function untilWaiting(url: string, count: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (;;) {
    const { rows } = await client.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
    );
    if (rows[0].n >= count) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await client.end();
}
