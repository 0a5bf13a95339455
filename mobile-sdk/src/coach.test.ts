import { describe, expect, it } from 'vitest';
import { athleteFileName, type CoachEvent } from './index.ts';
import { createWorld } from './testing/phone.test-support.ts';

describe('what there is once, or once a day', () => {
  it('is set without a thought for whether it is there', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.settings.set({ units: 'metric' });
    await coach.settings.set({ longRunDay: 'sunday' });
    await coach.wellness.set({ soreness: 2 });
    await coach.sleep.set({ quality: 4 }, '2026-02-28');
    await coach.sync();
    expect(hub.view('settings', 'settings')?.data).toEqual({ units: 'metric', longRunDay: 'sunday' });
    expect(hub.view('wellness_day', '2026-03-01')?.data).toEqual({ soreness: 2 });
    expect((await coach.sleep.get('2026-02-28'))?.data).toEqual({ quality: 4 });
  });
});

describe('questions', () => {
  it('are listed while they are open, and answered like any other field', async () => {
    const { hub, phone } = createWorld();
    hub.device('question', 'question_1', { code: 'same_activity', options: ['same', 'not_same'] });
    const { coach } = phone();
    await coach.sync();
    expect((await coach.questions.list()).map(({ id }) => id)).toEqual(['question_1']);
    await coach.questions.answer('question_1', 'same');
    expect(await coach.questions.list()).toEqual([]);
    await coach.sync();
    expect(hub.view('question', 'question_1')?.data.answer).toBe('same');
  });
});

describe('changes made together', () => {
  it('are stored in one transaction or not at all', async () => {
    const { coach } = createWorld().phone();
    const made = coach.together(async (writes) => {
      await writes.put('activity', 'act_1', { sport: 'run' });
      await writes.patch('activity', 'act_missing', { rpe: 5 });
    });
    await expect(made).rejects.toMatchObject({ code: 'not_found' });
    expect(await coach.activities.list()).toEqual([]);
    expect(await coach.status()).toMatchObject({ queued: 0 });
  });

  it('travel under one number, unfolded, and are never parted by the size of a batch', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (let at = 0; at < 499; at++) await coach.objects.put('activity', `act_${at}`, { sport: 'run' });
    await coach.together(async (writes) => {
      await writes.put('activity', 'act_a', { sport: 'run' });
      await writes.patch('activity', 'act_a', { rpe: 5 });
    });
    await coach.sync();
    const batches = hub.requests.map(({ body }) => body.push?.batch ?? []).filter((batch) => batch.length > 0);
    expect(batches.map((batch) => batch.length)).toEqual([499, 2]);
    expect(batches[1]?.map(({ tx, op }) => [tx, op])).toEqual([
      [1, 'put'],
      [1, 'patch'],
    ]);
  });

  it('are set aside together when the hub cannot read one of them', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run', title: 'before' });
    await coach.together(async (writes) => {
      await writes.put('activity', 'act_a', { sport: 'run', title: 'poison' });
      await writes.put('activity', 'act_b', { sport: 'run' });
    });
    await coach.activities.log({ sport: 'run', title: 'behind' });
    const refuse = (): { status: number; code: string } | undefined => {
      const batch = hub.requests.at(-1)?.body.push?.batch ?? [];
      return batch.some(({ set }) => set?.title === 'poison') ? { status: 400, code: 'bad_request' } : undefined;
    };
    for (let at = 0; at < 12; at++) hub.faults.push(refuse);
    expect(await coach.sync()).toMatchObject({ state: 'idle', rejected: 2, pushed: 2 });
    expect((await coach.deadLetters()).map(({ id }) => id)).toEqual(['act_a', 'act_b']);
  });
});

describe('the app and a task beside it', () => {
  it('do not sync one file at one time; whoever comes second is told, and comes again', async () => {
    const { hub, phone } = createWorld();
    const states: string[] = [];
    const app = phone({
      async fetch(url, init) {
        states.push((await task.coach.sync()).state);
        return await hub.fetch(url, init);
      },
    });
    // One after the other: both lie in this one thread, where waiting for the file would wait for ever.
    await app.coach.activities.log({ sport: 'run' });
    const task = phone({ path: app.path, role: 'background' });
    await task.coach.status();
    expect(await app.coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    states.push((await task.coach.sync()).state);
    expect(states).toEqual(['elsewhere', 'idle']);
  });

  it('a process that died with the lease holds nobody up for longer than a minute', async () => {
    const { phone, clock } = createWorld();
    const app = phone();
    await app.coach.status();
    await app.driver.run('INSERT INTO lease (one, owner, until) VALUES (1, ?, ?)', [
      'background',
      clock.now() + 60_000,
    ]);
    expect(await app.coach.sync()).toMatchObject({ state: 'elsewhere', error: null });
    clock.advance(60_001);
    expect(await app.coach.sync()).toMatchObject({ state: 'idle' });
  });
});

describe('a file of another athlete', () => {
  it('is not opened, whatever is asked of it', async () => {
    const { phone } = createWorld();
    const ann = phone({ athleteId: 'ann' });
    await ann.coach.activities.log({ sport: 'run' });
    const bob = phone({ path: ann.path, athleteId: 'bob' });
    await expect(bob.coach.activities.list()).rejects.toMatchObject({ code: 'client_athlete_mismatch' });
    await expect(bob.coach.sync()).rejects.toMatchObject({ code: 'client_athlete_mismatch' });
    await ann.restart();
    expect(await ann.coach.activities.list()).toHaveLength(1);
  });

  it('has another name', () => {
    const names = ['ann', 'bob', 'Ann', 'ann ', '', 'athlete-1', 'athlete-2'].map(athleteFileName);
    expect(new Set(names).size).toBe(names.length);
    expect(athleteFileName('ann')).toBe(athleteFileName('ann'));
    expect(athleteFileName('../../etc/passwd')).toMatch(/^coach-[0-9a-z]{22}\.db$/);
  });
});

describe('for support', () => {
  it('every step is told as it happens', async () => {
    const { coach } = createWorld().phone();
    const told: CoachEvent['type'][] = [];
    const end = coach.onEvent(({ type }) => told.push(type));
    coach.onEvent(() => {
      throw new Error('a screen that fails');
    });
    await coach.activities.log({ sport: 'run' });
    await coach.sync();
    end();
    await coach.activities.log({ sport: 'run' });
    expect(told).toEqual(['saved', 'sync_started', 'sync_ended']);
  });

  it('an export says how things stand, and nothing of the athlete', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', notes: 'a secret worry', distanceM: 12_345 });
    hub.faults.push(() => ({ status: 503, code: 'busy' }));
    await coach.sync();
    const said = await coach.diagnostics();
    expect(said).toMatchObject({
      at: '2026-03-01T08:00:00.000Z',
      status: { state: 'busy', queued: 1, lastError: 'busy' },
      objects: { activity: 1 },
      outbox: [{ kind: 'activity', op: 'put', fields: ['sport', 'notes', 'distanceM', 'day'], isSent: true }],
      journal: 0,
      deadLetters: [],
    });
    expect(said.events.map(({ type }) => type)).toEqual(['saved', 'sync_started', 'sync_ended']);
    const text = JSON.stringify(said);
    for (const secret of ['a secret worry', '12345', id, 'Bearer']) {
      expect(text).not.toContain(secret);
    }
  });
});
