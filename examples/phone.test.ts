import { join } from 'node:path';
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startHub } from './hub.test-support.ts';
import { phone } from './phone.ts';

it('logs a run offline and hands it to a hub in one sync', async () => {
  const { folder, url, token } = await startHub();
  const { shown, state, pushed, run } = await phone(join(folder, 'phone.db'), url, token);
  expect(shown[0]).toBe('');
  expect(shown).toContain('10000 m, RPE 7');
  expect({ state, pushed, pending: run?.pending, notes: run?.data.notes }).toEqual({
    state: 'idle',
    pushed: 2,
    pending: false,
    notes: 'windy',
  });
});

it('shows on one phone what was logged on another, without being asked', async () => {
  const { folder, url, token } = await startHub();
  const phones = ['one', 'other'].map((name) => {
    const database = openBetterSqlite3(join(folder, `${name}.db`));
    const coach = createCoach({ database, baseUrl: url, getToken: async () => token });
    coach.keepInSync();
    onTestFinished(async () => {
      await coach.close();
      await database.close();
    });
    return coach;
  });
  const [one, other] = phones;
  await vi.waitUntil(async () => (await other!.status()).cursorRev !== null, { timeout: 10_000 });
  const id = await one!.activities.log({ sport: 'run', title: 'Hills' });
  await vi.waitUntil(async () => (await other!.activities.get(id)) !== null, { timeout: 10_000 });
  expect((await other!.activities.get(id))?.data.title).toBe('Hills');
});

it('stores changes made together, or none of them', async () => {
  const { folder, url, token } = await startHub();
  const database = openBetterSqlite3(join(folder, 'phone.db'));
  const coach = createCoach({ database, baseUrl: url, getToken: async () => token });
  await coach.together(async (writes) => {
    await writes.put('activity', 'act_good', { sport: 'run' });
    await writes.put('activity', 'act_bad', { sport: 'run', rpe: 99 });
  });
  await coach.together(async (writes) => {
    await writes.put('gear', 'gear_1', { type: 'shoes', name: 'Blue ones' });
    await writes.put('activity', 'act_shod', { sport: 'run', gearId: 'gear_1' });
  });
  expect(await coach.sync()).toMatchObject({ state: 'idle', rejected: 2 });
  expect((await coach.deadLetters()).map(({ id, code }) => [id, code])).toEqual([
    ['act_good', 'blocked'],
    ['act_bad', 'invalid_value'],
  ]);
  expect((await coach.activities.list()).map(({ id }) => id)).toEqual(['act_shod']);
  await coach.close();
  await database.close();
});
