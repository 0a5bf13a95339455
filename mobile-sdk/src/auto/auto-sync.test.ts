import { describe, expect, it } from 'vitest';
import { createWorld, type Phone, type World } from '../testing/phone.test-support.ts';
import { LOOK_PAUSE_MS, retryPauseMs, SAVE_PAUSE_MS } from './auto-sync.ts';
import { AUTO_TABLE, type AutoEvent, type AutoState } from './table.ts';

const FIRST_RETRY_MS = 500;

/** Waits until a run is over and the timer after it is set. */
async function waits(phone: Phone, ms: number): Promise<void> {
  for (let turns = 0; turns < 2_000 && phone.platform.waiting()[0] !== ms; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(phone.platform.waiting()).toEqual([ms]);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 2_000 && !(await isSo()); turns++) await new Promise((resolve) => setImmediate(resolve));
  expect(await isSo()).toBe(true);
}

/** Waits until the phone has a question open at the hub. */
const listens = (hub: World['hub']) => until(() => hub.heads() === 1);

async function resting(config: Parameters<World['phone']>[0] = {}) {
  const world = createWorld();
  const phone = world.phone(config);
  const stop = phone.coach.keepInSync();
  await waits(phone, LOOK_PAUSE_MS);
  return { ...world, phone, stop, asked: () => world.hub.requests.length };
}

describe('a phone that keeps in sync', () => {
  it('reads at once, and looks again after a while', async () => {
    const { hub, phone } = await resting();
    hub.device('activity', 'act_1', { sport: 'run' });
    expect(await phone.coach.activities.get('act_1')).toBeNull();
    phone.platform.fireTimers();
    await waits(phone, LOOK_PAUSE_MS);
    expect(await phone.coach.activities.get('act_1')).not.toBeNull();
  });

  it('sends what is saved a moment later, all in one request', async () => {
    const { hub, phone, asked } = await resting();
    const before = asked();
    const ids = [
      await phone.coach.activities.log({ sport: 'run' }),
      await phone.coach.activities.log({ sport: 'ride' }),
    ];
    expect([phone.platform.waiting(), asked()]).toEqual([[SAVE_PAUSE_MS], before]);
    phone.platform.fireTimers();
    await waits(phone, LOOK_PAUSE_MS);
    expect(asked()).toBe(before + 1);
    expect(ids.map((id) => hub.view('activity', id)?.data.sport)).toEqual(['run', 'ride']);
  });

  it('sends what is saved while it syncs as well', async () => {
    const { hub, phone } = await resting();
    let saved: Promise<string> | undefined;
    hub.faults.push(() => {
      saved = phone.coach.activities.log({ sport: 'run' });
      return undefined;
    });
    phone.coach.nudge();
    await waits(phone, LOOK_PAUSE_MS);
    expect(hub.view('activity', (await saved) ?? '')).toBeDefined();
    expect(await phone.coach.status()).toMatchObject({ queued: 0 });
  });

  it('tries again later and later while the hub is out of reach, saves or not, and at once after a nudge', async () => {
    let isOnline = true;
    const world = createWorld();
    const phone = world.phone({
      fetch: async (url, init) => {
        if (!isOnline) throw new TypeError('no network');
        return await world.hub.fetch(url, init);
      },
    });
    phone.coach.keepInSync();
    await waits(phone, LOOK_PAUSE_MS);
    isOnline = false;
    const id = await phone.coach.activities.log({ sport: 'run' });
    for (const ms of [FIRST_RETRY_MS, 1_000, 2_000, 4_000]) {
      phone.platform.fireTimers();
      await waits(phone, ms);
    }
    await phone.coach.activities.edit(id, { rpe: 4 });
    expect(phone.platform.waiting()).toEqual([4_000]);
    phone.coach.nudge();
    await waits(phone, FIRST_RETRY_MS);
    isOnline = true;
    phone.coach.nudge();
    await waits(phone, LOOK_PAUSE_MS);
    expect(world.hub.view('activity', id)?.data).toMatchObject({ sport: 'run', rpe: 4 });
  });

  it('waits as long as a busy hub asks', async () => {
    const { hub, phone } = await resting();
    hub.faults.push(() => ({ status: 503, code: 'busy', headers: { 'Retry-After': '120' } }));
    phone.coach.nudge();
    await waits(phone, 120_000);
  });

  it('reads at once what the hub says is new, and goes on listening', async () => {
    const { hub, phone } = await resting();
    await listens(hub);
    hub.device('activity', 'act_1', { sport: 'run' });
    hub.poke();
    await until(async () => (await phone.coach.activities.get('act_1')) !== null);
    await listens(hub);
    await waits(phone, LOOK_PAUSE_MS);
  });

  it('asks again when the hub has waited long enough without anything new', async () => {
    const { hub, clock, asked } = await resting();
    await listens(hub);
    const before = asked();
    clock.advance(25_000);
    hub.poke();
    await listens(hub);
    expect(asked()).toBe(before);
  });

  it('syncs after a while where the hub cannot be listened to, later and later, and listens again', async () => {
    const { hub, phone } = await resting();
    for (const ms of [10_500, 11_000, 12_000]) {
      await listens(hub);
      // Something in between fails, or answers at once.
      hub.poke(ms === 11_000 ? 200 : 502);
      await waits(phone, ms);
      phone.platform.fireTimers();
    }
    await waits(phone, LOOK_PAUSE_MS);
    await listens(hub);
  });

  it('listens only while all is sent and read', async () => {
    const { hub, phone, stop } = await resting();
    await listens(hub);
    await phone.coach.activities.log({ sport: 'run' });
    expect(hub.heads()).toBe(0);
    phone.platform.fireTimers();
    await listens(hub);
    stop();
    expect(hub.heads()).toBe(0);
  });

  it('asks no more where only the app can help, keeps what is saved, and goes on when nudged', async () => {
    let token: string | null = null;
    const world = createWorld();
    const phone = world.phone({ getToken: async () => token });
    phone.coach.keepInSync();
    for (let turns = 0; turns < 2_000 && (await phone.coach.status()).state !== 'needs_auth'; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const id = await phone.coach.activities.log({ sport: 'run' });
    expect([phone.platform.waiting(), world.hub.requests.length]).toEqual([[], 0]);
    token = 'token';
    phone.coach.nudge();
    await waits(phone, LOOK_PAUSE_MS);
    expect(world.hub.view('activity', id)).toBeDefined();
  });

  it('stops when it is told to, and can begin again', async () => {
    const { phone, stop, asked } = await resting();
    stop();
    const before = asked();
    await phone.coach.activities.log({ sport: 'run' });
    phone.coach.nudge();
    expect([phone.platform.waiting(), asked()]).toEqual([[], before]);
    phone.coach.keepInSync();
    await waits(phone, LOOK_PAUSE_MS);
    expect(asked()).toBe(before + 1);
    await phone.coach.close();
    expect(phone.platform.waiting()).toEqual([]);
  });
});

describe('the table', () => {
  const states = Object.keys(AUTO_TABLE) as AutoState[];
  const steps = states.flatMap((state) =>
    (Object.keys(AUTO_TABLE[state]) as AutoEvent[]).map((event) => ({ state, event, step: AUTO_TABLE[state][event] })),
  );

  it('begins a run or sets a timer on the way into each state that promises one', () => {
    const promised = { running: ['sync'], resting: ['timeLook'], due: ['timeSave'], waiting: ['timeRetry'] };
    for (const { state, event, step } of steps) {
      const [next, ...does] = step;
      if (next === state || !(next in promised)) continue;
      expect(does, `${state} ${event}`).toEqual(expect.arrayContaining(promised[next as keyof typeof promised]));
    }
  });

  it('leaves no timer behind where none may wait', () => {
    for (const { state, event, step } of steps) {
      const [next, ...does] = step;
      const hasTimer = ['resting', 'due', 'waiting'].includes(state) && event !== 'timeUp';
      if (hasTimer && ['off', 'held', 'running'].includes(next))
        expect(does, `${state} ${event}`).toContain('stopTimer');
    }
  });
});

describe('the pause before another try', () => {
  it('is anything up to twice as long as the one before, and a quarter of an hour at most', () => {
    expect([0, 1, 2, 9, 10, 2_000].map((failures) => retryPauseMs(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 512_000, 900_000, 900_000,
    ]);
    expect(retryPauseMs(5, 0)).toBe(0);
  });
});
