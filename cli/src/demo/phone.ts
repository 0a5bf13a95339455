/** A simulated phone: the real SDK over its own SQLite file, with a network that can be switched off. */
import { type Coach, type CoachObject, createCoach, type Platform } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';
import type { Ports } from '../world.ts';

/** Where the demo's athlete lives; the phone tells the hub. */
export const PHONE_TIME_ZONE = 'Europe/Zurich';

export interface Phone {
  coach: Coach;
  setOnline(online: boolean): void;
  /** Requests that reached the network. */
  requests(): number;
  /** What the list on the screen shows: the last answer of a live query. */
  screen(): CoachObject[];
  /** How often the live query has answered. */
  screenUpdates(): number;
  /** Calls back with each answer of the live query from now on. */
  onScreen(callback: (activities: CoachObject[]) => void): void;
  close(): Promise<void>;
}

export interface PhoneOptions {
  file: string;
  hubUrl: string;
  token: string;
  ports: Pick<Ports, 'clock' | 'random'>;
}

export function createPhone({ file, hubUrl, token, ports }: PhoneOptions): Phone {
  const database = openBetterSqlite3(file);
  let online = true;
  let requests = 0;
  let shown: CoachObject[] = [];
  let updates = 0;
  let callback: (activities: CoachObject[]) => void = () => undefined;
  const coach = createCoach({
    database,
    baseUrl: hubUrl,
    getToken: async () => token,
    platform: platformOf(ports),
    fetch: async (url, init) => {
      if (!online) throw new TypeError('The phone is offline.');
      requests += 1;
      return fetch(url, init);
    },
  });
  coach.watch({ kind: 'activity' }, (activities) => {
    shown = activities;
    updates += 1;
    callback(activities);
  });
  return {
    coach,
    setOnline(isOnline) {
      online = isOnline;
    },
    requests: () => requests,
    screen: () => shown,
    screenUpdates: () => updates,
    onScreen(next) {
      callback = next;
    },
    async close() {
      await coach.close();
      await database.close();
    },
  };
}

function platformOf({ clock, random }: PhoneOptions['ports']): Platform {
  return {
    now: () => clock.now(),
    random: () => random.next(),
    randomUuid: () => random.uuid(),
    timeZone: () => PHONE_TIME_ZONE,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}
