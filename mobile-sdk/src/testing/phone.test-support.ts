/** A phone for tests: a real file, a clock that stands still, ids that count, and a driver that can be killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openBetterSqlite3 } from '../drivers/better-sqlite3.ts';
import { type Coach, type CoachConfig, createCoach, type Driver, type Platform, type Sql } from '../index.ts';
import { createFakeHub, type FakeHub } from './fake-hub.test-support.ts';

/** 2026-03-01, a Sunday, 08:00 UTC. */
export const START_MS = Date.parse('2026-03-01T08:00:00.000Z');

export interface FakeClock {
  now(): number;
  advance(ms: number): void;
}

export function createFakeClock(startMs = START_MS): FakeClock {
  let ms = startMs;
  const advance = (by: number) => {
    ms += by;
  };
  return { now: () => ms, advance };
}

export interface FakePlatform extends Platform {
  zone: string | null;
  /** How far the phone's own clock is ahead of the true time. */
  clockErrorMs: number;
  /** Calls back whatever waits in `after`. */
  fireTimers(): void;
  /** How long each of those that wait was asked to wait, ms. */
  waiting(): number[];
}

let uuids = 0;

export function createFakePlatform(clock: FakeClock): FakePlatform {
  const timers = new Map<() => void, number>();
  const platform: FakePlatform = {
    zone: null,
    clockErrorMs: 0,
    now: () => clock.now() + platform.clockErrorMs,
    randomUuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
    timeZone: () => platform.zone,
    random: () => 0.5,
    after(ms, callback) {
      const timer = () => callback();
      timers.set(timer, ms);
      return () => void timers.delete(timer);
    },
    fireTimers() {
      for (const callback of [...timers.keys()]) {
        timers.delete(callback);
        callback();
      }
    },
    waiting: () => [...timers.values()],
  };
  return platform;
}

/** The power goes at the nth statement from now: it and everything after it fails, and the open transaction is lost. */
export interface MortalDriver extends Driver {
  killAfter(statements: number): void;
  statements: number;
  close(): Promise<void>;
}

export function openMortal(path: string): MortalDriver {
  const driver = openBetterSqlite3(path);
  let left = Number.POSITIVE_INFINITY;
  const tick = () => {
    mortal.statements += 1;
    if (left-- <= 0) throw new Error('killed');
  };
  const wrap = (sql: Sql): Sql => ({
    async exec(text) {
      tick();
      await sql.exec(text);
    },
    async run(text, params) {
      tick();
      await sql.run(text, params);
    },
    async all<Row>(text: string, params?: (string | number | null)[]) {
      tick();
      return await sql.all<Row>(text, params);
    },
  });
  const mortal: MortalDriver = {
    ...wrap(driver),
    statements: 0,
    killAfter(statements) {
      left = statements;
    },
    transaction: (work) =>
      driver.transaction(async (tx) => {
        const value = await work(wrap(tx));
        tick(); // the commit
        return value;
      }),
    close: () => driver.close(),
  };
  return mortal;
}

export interface Phone {
  coach: Coach;
  driver: MortalDriver;
  platform: FakePlatform;
  path: string;
  /** Starts the app again on the same file, as after a crash. */
  restart(config?: Partial<CoachConfig>): Promise<void>;
  /** What lies in a table, for tests of what is kept. */
  rows<Row>(sql: string): Promise<Row[]>;
}

export interface World {
  clock: FakeClock;
  hub: FakeHub;
  phone(config?: Partial<CoachConfig> & { path?: string; zone?: string | null; clockErrorMs?: number }): Phone;
  folder: string;
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function createWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'coach-sdk-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createFakeClock();
  const hub = createFakeHub(clock);
  let phones = 0;
  return {
    clock,
    hub,
    folder,
    phone({ path = join(folder, `phone-${++phones}.db`), zone = null, clockErrorMs = 0, ...config } = {}) {
      const platform = Object.assign(createFakePlatform(clock), { zone, clockErrorMs });
      const open = (more: Partial<CoachConfig> = {}) => {
        const driver = openMortal(path);
        cleanups.push(() => driver.close());
        const getToken = async () => 'token';
        const base = { database: driver, baseUrl: 'https://hub.test/', getToken, platform, fetch: hub.fetch };
        return { driver, coach: createCoach({ ...base, ...config, ...more }) };
      };
      const phone: Phone = {
        ...open(),
        platform,
        path,
        async restart(more) {
          await phone.driver.close();
          Object.assign(phone, open(more));
        },
        rows: (sql) => phone.driver.all(sql),
      };
      return phone;
    },
  };
}

/** Lets watchers and other promise chains run to their end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}
