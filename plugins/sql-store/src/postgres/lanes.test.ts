import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('works of one lane', () => {
  it('run one after another in the order they came, also after one that failed', async () => {
    const lanes = createLanes();
    const said: string[] = [];
    const work = (name: string, ms: number) => async () => {
      said.push(`${name} begins`);
      await sleep(ms);
      said.push(`${name} ends`);
      if (name === 'b') throw new RangeError(name);
      return name;
    };
    const results = await Promise.allSettled([
      lanes.run('one', work('a', 20)),
      lanes.run('one', work('b', 1)),
      lanes.run('one', work('c', 1)),
    ]);
    expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('do not wait for those of another', async () => {
    const lanes = createLanes();
    let isFree = () => {};
    const slow = lanes.run('one', () => new Promise<void>((resolve) => (isFree = resolve)));
    expect(await lanes.run('two', async () => 'done')).toBe('done');
    isFree();
    await slow;
  });
});
