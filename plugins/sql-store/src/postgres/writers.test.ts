/**
 * Many writers of one athlete on one PostgreSQL database, and a phone that polls: nothing the phone skips.
 *
 * `WRITERS_SECONDS=60 npx vitest run plugins/sql-store/src/postgres/writers.test.ts` is the long run.
 */
import { emptyState, type ObjectWrite, type OpenedStore } from '@coach-hub/core';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { newDatabase, serverUrl } from './own-databases.test-support.ts';

const WRITERS = 8;
const SECONDS = Number(process.env.WRITERS_SECONDS ?? 4);
const MAX_PAUSE_MS = 5;
const PAGE = 200;

const server = await serverUrl();
if (server === null) console.warn('skipped: eight writers; there is no PostgreSQL here.');

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function newObject(id: string, rev: number): ObjectWrite {
  const view = { day: '2026-03-01', startedAtMs: null, deleted: false, data: '{}', alt: null, state: emptyState() };
  return { kind: 'activity', id, rev, createdRev: rev, ...view };
}

/** Writes until the time is over, one to three objects a change, each commit held open for a moment. */
async function write({ store }: OpenedStore, name: string, untilMs: number, wrote: (id: string) => void) {
  for (let count = 0; Date.now() < untilMs; count++) {
    const ids = Array.from({ length: 1 + (count % 3) }, (_, at) => `act_${name}_${count}_${at}`);
    await store.withAthleteChange('ath_1', {}, ({ athlete }) => ({
      do: 'write',
      write: {
        rev: athlete.rev + ids.length,
        objects: ids.map((id, at) => newObject(id, athlete.rev + at + 1)),
        aliases: [],
      },
      result: null,
    }));
    for (const id of ids) wrote(id);
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
}

it.skipIf(server === null)(
  'eight writers whose commits overlap, beside a transaction left open: a polling reader misses nothing',
  { timeout: (SECONDS + 60) * 1_000 },
  async () => {
    const { url, drop } = await newDatabase(server!);
    onTestFinished(drop);
    const open = async () => {
      const opened = await plugin.open(optionsFor(url, { now: Date.now, random: Math.random }));
      onTestFinished(() => opened.close());
      return opened;
    };
    const reader = await open();
    await reader.store.migrate();
    await reader.store.ensureAthlete('ath_1');
    const commitLate = await delayCommits(url);
    const endLeftOpen = await leaveOpen(url);

    const written = new Set<string>();
    const untilMs = Date.now() + SECONDS * 1_000;
    // As many processes, as far as the database can tell: each has its own connections.
    const stores = await Promise.all(Array.from({ length: WRITERS }, open));
    const writing = Promise.all(stores.map((each, at) => write(each, `w${at}`, untilMs, (id) => written.add(id))));
    let isWriting = true;
    void writing.finally(() => {
      isWriting = false;
    });

    const seen = new Map<string, number>();
    let cursor = 0;
    let pages = 0;
    for (;;) {
      const wasWriting = isWriting;
      const { rows, hasMore, athlete } = await reader.store.readDelta('ath_1', null, cursor, PAGE);
      for (const { id, rev } of rows) {
        expect(rev, 'revs are read in order, each once').toBeGreaterThan(cursor);
        cursor = rev;
        seen.set(id, rev);
      }
      pages += 1;
      if (!hasMore) {
        // As a phone does: from here on only what comes after.
        cursor = athlete.rev;
        if (!wasWriting) break;
        await sleep(Math.random() * MAX_PAUSE_MS);
      }
    }
    await writing;
    await endLeftOpen();
    await commitLate();
    console.log(`writers.test: ${written.size} objects by ${WRITERS} writers in ${SECONDS} s, ${pages} pages read`);
    expect(written.size).toBeGreaterThan(WRITERS * SECONDS);
    expect([...written].filter((id) => !seen.has(id))).toEqual([]);
    expect(seen.size).toBe(written.size);
    expect(cursor).toBe(written.size);
  },
);

/** Every commit that wrote objects takes a random time, so that commits end in another order than they began. */
async function delayCommits(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`
    create function wait_a_little() returns trigger language plpgsql as $$
      begin perform pg_sleep(random() * ${MAX_PAUSE_MS / 1_000}); return null; end $$;
    create constraint trigger late after insert on object deferrable initially deferred
      for each row execute function wait_a_little();`);
  return () => client.end();
}

/** A transaction that has read and written elsewhere, and that nobody ends: it holds back what PostgreSQL calls the horizon. */
async function leaveOpen(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('create table unrelated (id integer)');
  await client.query('begin isolation level repeatable read');
  await client.query('insert into unrelated values (1)');
  await client.query('select count(*) from athlete');
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}
