import { describe, expect, it } from 'vitest';
import { type BudgetWindow, windowsOf } from './budget.ts';
import { createMemoryBudget } from './memory-budget.ts';

const rolling: BudgetWindow = { key: 'r', windowMs: 1_000, requests: 2, window: 'rolling' };
const fixed: BudgetWindow = { key: 'f', windowMs: 1_000, requests: 2, window: 'fixed' };

/** Takes one request at each time; tells for each whether it was granted, or until when to wait. */
async function timeline(window: BudgetWindow, times: number[]) {
  const budget = createMemoryBudget();
  const answers: (true | number)[] = [];
  for (const nowMs of times) {
    const answer = await budget.take({ windows: [window], blocks: [], share: 1, nowMs });
    answers.push(answer.granted ? true : answer.untilMs);
  }
  return answers;
}

describe('a window of requests', () => {
  it('that rolls frees a place when the oldest request leaves it', async () => {
    expect(await timeline(rolling, [0, 600, 900, 1_000, 1_500, 1_600])).toEqual([true, true, 1_000, true, 1_600, true]);
  });

  it('that is fixed frees all places at once', async () => {
    expect(await timeline(fixed, [0, 600, 900, 1_000, 1_001, 1_002])).toEqual([true, true, 1_000, true, true, 2_000]);
  });

  it('takes from all windows or from none', async () => {
    const budget = createMemoryBudget();
    const tight = { ...fixed, key: 't', requests: 1 };
    const take = (windows: BudgetWindow[]) => budget.take({ windows, blocks: [], share: 1, nowMs: 0 });
    await take([tight]);
    expect(await take([fixed, tight])).toEqual({ granted: false, untilMs: 1_000 });
    expect([await take([fixed]), await take([fixed])]).toEqual([{ granted: true }, { granted: true }]);
  });

  it('tells what is left of it, also of what the provider says others used', async () => {
    const budget = createMemoryBudget();
    expect(await budget.left(rolling, 0)).toBe(2);
    await budget.take({ windows: [rolling], blocks: [], share: 1, nowMs: 0 });
    expect([await budget.left(rolling, 999), await budget.left(rolling, 1_000)]).toEqual([1, 2]);
    await budget.learn(rolling, 0, 1_000);
    expect(await budget.left(rolling, 1_000)).toBe(0);
  });

  it('waits for the longest of several reasons', async () => {
    const budget = createMemoryBudget();
    await budget.block('stride', 5_000);
    await budget.block('stride', 3_000);
    const answer = await budget.take({ windows: [], blocks: ['stride'], share: 1, nowMs: 0 });
    expect(answer).toEqual({ granted: false, untilMs: 5_000 });
  });

  it('never forgets what we know of when the provider reports more left', async () => {
    const budget = createMemoryBudget();
    const take = () => budget.take({ windows: [fixed], blocks: [], share: 1, nowMs: 0 });
    await take();
    await budget.learn(fixed, 2, 0);
    await take();
    expect(await take()).toMatchObject({ granted: false });
  });

  it('grows with the athletes where the provider says so', () => {
    const limit = {
      scope: 'app',
      windowS: 900,
      requests: { base: 500, perAthlete: 20 },
      window: 'rolling',
      remainingHeader: null,
    } as const;
    expect(windowsOf('stride', [limit], null, 10)).toEqual([
      { key: 'stride|app||900', windowMs: 900_000, requests: 700, window: 'rolling' },
    ]);
  });
});
