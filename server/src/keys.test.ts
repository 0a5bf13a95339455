import { randomBytes } from 'node:crypto';
import { generateKey, type Hub, type KeyUse } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { changeDatabase, type HubAtFake, hubAtFake, readDatabase } from './hub-at-fake.test-support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
const idOf = (key: string) => key.split(':')[0] ?? '';

async function rowsOf(hub: Hub, key: string): Promise<Partial<KeyUse>> {
  const use = (await hub.keys.list()).find(({ keyId }) => keyId === idOf(key));
  return { rows: use?.rows ?? 0, unreadable: use?.unreadable ?? 0 };
}

/** Athletes with accounts, a consent under way, and a letter about a fetch that was given up. */
async function inUse(stage: HubAtFake, athletes: number): Promise<string[]> {
  const users: string[] = [];
  for (let each = 0; each < athletes; each++) users.push((await stage.connect(`ath_${each}`)).userId);
  const asked = { athleteId: 'ath_0', clientId: null, provider: 'garmin', returnUrl: null };
  await stage.hub().connect.start({ ...asked, athleteId: 'ath_0' });
  const run = await stage.garmin.act('run', { userId: users[0], durationS: 60, distanceM: 200, deliver: ['none'] });
  await stage.garmin.act('redeliver', { activityId: run.activityId, deliver: ['file'] });
  await stage.rest();
  return users;
}

describe('a rotation of keys', () => {
  it('seals everything again while tokens are refreshed and files fetched, and loses no account', async () => {
    const stage = await hubAtFake();
    const [old] = stage.keys as [string];
    const fresh = generateKey(random);
    const users = await inUse(stage, 4);
    expect((await rowsOf(stage.hub(), old)).rows).toBeGreaterThanOrEqual(5);
    await stage.hub().keys.use([fresh, old]);
    const admin = await stage.beside([fresh, old]);

    let isOver = false;
    let fetched = 0;
    const load = (async () => {
      while (!isOver) {
        // A day on every token has ended: what is announced now is fetched with refreshed ones.
        stage.advance(DAY_MS);
        await Promise.all(
          users.map((userId) => stage.garmin.act('run', { userId, durationS: 30, distanceM: 100, deliver: ['file'] })),
        );
        fetched += users.length;
        await stage.rest();
      }
    })();
    const rotations = [];
    while (rotations.length < 3 || fetched < 2 * users.length) rotations.push(await admin.keys.rotate());
    isOver = true;
    await load;
    await admin.keys.rotate();

    expect(rotations[0]).toMatchObject({ newestKeyId: idOf(fresh), unreadable: 0, left: 0 });
    expect(await rowsOf(admin, old)).toEqual({ rows: 0, unreadable: 0 });
    expect((await rowsOf(admin, fresh)).rows).toBeGreaterThanOrEqual(5);

    // The old key is gone for good, and everything still works.
    await stage.hub().keys.use([fresh]);
    stage.advance(DAY_MS);
    for (const userId of users) {
      await stage.garmin.act('run', { userId, durationS: 30, distanceM: 100, deliver: ['file'] });
    }
    fetched += users.length;
    await stage.rest();
    for (const [each] of users.entries()) {
      const [connection] = await stage.hub().connect.list(`ath_${each}`);
      expect(connection?.state).toBe('connected');
    }
    const activities = await Promise.all(
      users.map((_, each) => stage.hub().objects.list(`ath_${each}`, 'activity', { limit: 200 })),
    );
    expect(activities.flat()).toHaveLength(fetched + 1);
    expect((await stage.hub().inbox.counts()).deadLetters).toBe(0);
  });

  it('is refused while a hub at work does not know the new key, and that hub goes on', async () => {
    const stage = await hubAtFake();
    await inUse(stage, 1);
    const fresh = generateKey(random);
    const admin = await stage.beside([fresh, ...stage.keys]);
    await expect(admin.keys.rotate()).rejects.toMatchObject({ code: 'conflict', fix: /SIGHUP/ });
    await stage.hub().keys.use([fresh, ...stage.keys]);
    await expect(admin.keys.rotate()).resolves.toMatchObject({ left: 0, unreadable: 0 });
  });

  it('leaves what was moved to another athlete closed, and says so', async () => {
    const stage = await hubAtFake();
    const [old] = stage.keys as [string];
    await inUse(stage, 2);
    const fresh = generateKey(random);
    await stage.restart((data) => {
      const [first, second] = readDatabase(
        data,
        'select connection_id as id, sealed_tokens as tokens from connection order by athlete_id',
      ) as [{ id: string; tokens: string }, { id: string }];
      changeDatabase(data, 'update connection set sealed_tokens = ? where connection_id = ?', first.tokens, second.id);
    });
    expect(await rowsOf(stage.hub(), old)).toMatchObject({ unreadable: 1 });
    const doctor = await stage.hub().health.doctor();
    expect(doctor.checks.find(({ name }) => name === 'vault')).toMatchObject({
      ok: false,
      detail: /1 secrets do not open/,
    });
    await stage.hub().keys.use([fresh, old]);
    expect(await (await stage.beside([fresh, old])).keys.rotate()).toMatchObject({ unreadable: 1, left: 0 });
    expect(await rowsOf(stage.hub(), old)).toEqual({ rows: 1, unreadable: 1 });
  });
});

describe('a hub whose keys are changed before those of another at work', () => {
  it('goes on sealing with a key the other knows, until that one knows the new key too', async () => {
    const stage = await hubAtFake();
    const [old] = stage.keys as [string];
    const fresh = generateKey(random);
    const second = await stage.beside([old]);
    second.start();
    await second.keys.use([old]);
    await stage.hub().keys.use([fresh, old]);
    await stage.connect('ath_1');
    expect((await rowsOf(second, old)).rows).toBeGreaterThan(0);
    expect((await rowsOf(stage.hub(), fresh)).rows).toBe(0);
    await second.keys.use([fresh, old]);
    await stage.hub().keys.use([fresh, old]);
    await stage.connect('ath_2');
    expect((await rowsOf(stage.hub(), fresh)).rows).toBeGreaterThan(0);
  });

  it('tells the operator which key is missing', async () => {
    const stage = await hubAtFake();
    const [old] = stage.keys as [string];
    await inUse(stage, 1);
    const stranger = await stage.beside([generateKey(random)]);
    const doctor = await stranger.health.doctor();
    expect(doctor.checks.find(({ name }) => name === 'vault')).toMatchObject({
      ok: false,
      detail: expect.stringContaining(`of key ${idOf(old)}`),
    });
  });
});
