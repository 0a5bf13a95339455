/** A phone of a simulation: the real SDK on a real file, in one process that can die. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCoach } from '../../mobile-sdk/src/create-coach.ts';
import { openBetterSqlite3 } from '../../mobile-sdk/src/drivers/better-sqlite3.ts';
import { forget, powerOn } from './power.mjs';

/** How long a token is good, ms. */
const TOKEN_MS = 600_000;

/** @param ran statements that phones have run before, in this simulation. */
export function createPhone({ name, athleteId, folder, clock, random, fetch, cloneOf, ran, window, cut = null }) {
  const home = join(folder, name);
  const file = join(home, 'athlete.db');
  mkdirSync(home, { recursive: true });
  if (cloneOf) for (const end of ['', '-wal']) if (existsSync(cloneOf + end)) copyFileSync(cloneOf + end, file + end);
  let power = null;
  let driver = null;
  let token = '';
  const phone = {
    name,
    athleteId,
    file,
    window,
    clockErrorMs: 0,
    coach: null,
    /** The sync under way, or null. */
    syncing: null,
    power: () => power,
    sql: (text, ...values) => driver.all(text, values),
    /** @param cut when the power goes again, or null. */
    start(cut = null) {
      power = powerOn(home, ran);
      if (cut !== null) power.cutLater(cut);
      try {
        driver = openBetterSqlite3(file);
      } catch (error) {
        if (!power.isDead()) throw error;
        power.cutNow();
        return phone.start();
      }
      phone.syncing = null;
      phone.coach = createCoach({
        database: driver,
        baseUrl: 'https://hub.test',
        fetch,
        window,
        platform: {
          now: () => clock.now() + phone.clockErrorMs,
          randomUuid: random.uuid,
          random: random.next,
          timeZone: () => null,
          after: () => () => undefined,
        },
        async getToken({ force }) {
          if (token === '' || force) token = `${athleteId} ${clock.now() + TOKEN_MS}`;
          return token;
        },
      });
    },
    async restart(cut) {
      await phone.close();
      phone.start(cut);
    },
    async close() {
      power.cutNow();
      await driver.close();
      forget(home);
    },
  };
  phone.start(cut);
  return phone;
}
