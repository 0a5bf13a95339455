/**
 * A phone that writes and syncs as fast as it can, and says on stdout what it begins and what its screen was told,
 * until somebody kills it. Arguments: database file, hub, token, number of the first run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';

const DAY_MS = 86_400_000;
/** Each run has a day of its own, so that none is taken for another. */
const FIRST_DAY_MS = Date.UTC(2001, 0, 1);

const [file, baseUrl, token, first] = process.argv.slice(2);
const coach = createCoach({ database: openBetterSqlite3(file), baseUrl, getToken: async () => token });

/** Whole before the next step: what is on its way to the parent when we are killed still arrives. */
const say = (line) => new Promise((resolve) => process.stdout.write(`${JSON.stringify(line)}\n`, () => resolve()));

async function write() {
  for (let number = Number(first); ; number++) {
    const title = `run ${number}`;
    const day = new Date(FIRST_DAY_MS + number * DAY_MS).toISOString().slice(0, 10);
    await say({ begins: title, shows: 1 });
    const id = await coach.activities.log({ sport: 'run', day, title, rpe: 1 });
    await say({ told: title, shows: 1 });
    for (const rpe of number % 2 === 0 ? [2, 3] : []) {
      await say({ begins: title, shows: rpe });
      await coach.activities.edit(id, { rpe });
      await say({ told: title, shows: rpe });
    }
    if (number % 5 === 0) {
      await say({ begins: title, shows: null });
      await coach.activities.delete(id);
      await say({ told: title, shows: null });
    }
  }
}

async function sync() {
  for (;;) {
    await coach.sync();
    await pause(10);
  }
}

await Promise.all([write(), sync()]);
