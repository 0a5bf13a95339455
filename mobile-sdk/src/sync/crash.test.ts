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

describe('a phone that dies during a write', () => {
  /** Each is told to the screen once it resolves. */
  const writes: { [name: string]: (phone: Phone, id: string) => Promise<unknown> } = {
    log: ({ coach }) => coach.activities.log({ sport: 'run', title: 'new', day: '2026-03-01' }),
    edit: ({ coach }, id) => coach.activities.edit(id, { rpe: 9 }),
    delete: ({ coach }, id) => coach.activities.delete(id),
  };
  const titles = async ({ coach }: Phone) =>
    (await coach.activities.list()).map(({ data }) => [data.title, data.rpe ?? null]).sort();

  it.each(Object.keys(writes))('has it whole or not at all, and whole once the screen was told: %s', async (name) => {
    let isToldEver = false;
    for (let survived = 0; !isToldEver; survived++) {
      const { phone, mine } = await scene();
      const before = await titles(phone);
      const { queued } = await phone.coach.status();
      phone.driver.killAfter(survived);
      const isTold = await writes[name]!(phone, mine).then(
        () => true,
        () => false,
      );
      await phone.restart();
      const after = await titles(phone);
      if (isTold) {
        expect(after, `after ${survived}`).not.toEqual(before);
      } else {
        expect(after, `after ${survived}`).toEqual(before);
        expect((await phone.coach.status()).queued, `after ${survived}`).toBe(queued);
      }
      isToldEver = isTold;
    }
  });
});
