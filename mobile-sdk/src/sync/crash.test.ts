import { describe, expect, it } from 'vitest';
import { createWorld, type Phone, type World } from '../testing/phone.test-support.ts';

/** A phone with a bit of everything: a snapshot of several pages, edits, a delete, a rejection, an alias. */
async function scene(): Promise<{ world: World; phone: Phone; mine: string }> {
  const world = createWorld();
  const { hub } = world;
  hub.pageSize = 3;
  const phone = world.phone();
  const typed = await phone.coach.activities.log({ sport: 'run', title: 'typed' });
  await phone.coach.sync();
  for (let i = 0; i < 5; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
  hub.join('activity', typed, 'act_0');
  const mine = await phone.coach.activities.log({ sport: 'run', title: 'mine' });
  await phone.coach.activities.log({ sport: 'run', rpe: 11 });
  await phone.coach.activities.edit(typed, { rpe: 4 });
  return { world, phone, mine };
}

async function outcome({ coach, rows }: Phone) {
  const runs = await coach.activities.list();
  return {
    runs: runs.map((run) => [run.data.title ?? run.id, run.data.rpe ?? null, run.pending]).sort(),
    letters: (await coach.deadLetters()).map((letter) => letter.code),
    queued: (await coach.status()).queued,
    generations: await rows('SELECT count(DISTINCT gen) AS n FROM object'),
  };
}

describe('a phone that dies during a sync', () => {
  it('loses nothing and doubles nothing, at whichever statement it dies', async () => {
    const plain = await scene();
    const start = plain.phone.driver.statements;
    await plain.phone.coach.sync();
    const statements = plain.phone.driver.statements - start;
    const expected = await outcome(plain.phone);
    expect(expected.queued).toBe(0);
    expect(statements).toBeGreaterThan(30);

    for (let survived = 0; survived < statements; survived++) {
      const { world, phone, mine } = await scene();
      phone.driver.killAfter(survived);
      await phone.coach.sync().catch(() => undefined);
      await phone.restart();
      expect((await phone.coach.activities.get(mine))?.data.title, `after ${survived}`).toBe('mine');
      expect(await phone.coach.sync(), `after ${survived}`).toMatchObject({ state: 'idle' });
      expect(await outcome(phone), `after ${survived}`).toEqual(expected);
      const created = Object.values(world.hub.state.objects).filter((object) => object.typed.title?.value === 'mine');
      expect(created, `after ${survived}`).toHaveLength(1);
    }
  }, 120_000);

  it('leaves rows and cursor both unchanged when a page cannot be stored whole', async () => {
    const world = createWorld();
    for (let i = 0; i < 5; i++) world.hub.device('activity', `act_${i}`, { sport: 'run' });
    const phone = world.phone();
    await phone.coach.sync();
    const before = await phone.rows("SELECT v FROM meta WHERE k = 'cursor'");
    world.hub.device('activity', 'act_1', { title: 'changed' });
    world.hub.faults.push(() => {
      phone.driver.killAfter(6);
      return undefined;
    });
    await expect(phone.coach.sync()).rejects.toThrow('killed');
    await phone.restart();
    expect(await phone.rows("SELECT v FROM meta WHERE k = 'cursor'")).toEqual(before);
    expect((await phone.coach.activities.get('act_1'))?.data).not.toHaveProperty('title');
    await phone.coach.sync();
    expect((await phone.coach.activities.get('act_1'))?.data.title).toBe('changed');
  });
});
