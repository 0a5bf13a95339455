import { describe, expect, it } from 'vitest';
import { plain } from '../screen/style.ts';
import { createNarrator, StoryEnded } from './narrator.ts';

function narrator(stop = new AbortController()) {
  const lines: string[] = [];
  let nowMs = 0;
  const clock = { now: () => (nowMs += 5) };
  return {
    lines,
    ...createNarrator({
      titles: ['One', 'Two'],
      say: (text) => void lines.push(text),
      style: plain,
      clock,
      stop: stop.signal,
    }),
  };
}

describe('a step of the story', () => {
  it('is told with its figures and holds when every check does', async () => {
    const { act, steps, lines } = narrator();
    await act('One', async (tell) => {
      tell.fact('records', '3,601');
      tell.check('all decoded', { expected: { count: 3 }, got: { count: 3 } });
    });
    expect(lines).toEqual(['\n1  One', '   records     3,601', '   ✓ all decoded']);
    expect(steps.map(({ state }) => state)).toEqual(['held', 'not played']);
  });

  it('fails with what was expected, and the story goes on', async () => {
    const { act, steps, lines } = narrator();
    await act('One', async (tell) => tell.check('one run', { expected: 1, got: 2 }));
    await act('Two', async () => undefined);
    expect(lines).toContain('   ✗ FAILED one run: expected 1, got 2');
    expect(steps.map(({ state }) => state)).toEqual(['failed', 'held']);
  });

  it('ends where somebody stops the story, and has not failed', async () => {
    const stop = new AbortController();
    const { act, steps } = narrator(stop);
    const played = act('One', () => new Promise(() => undefined));
    stop.abort();
    await expect(played).rejects.toBeInstanceOf(StoryEnded);
    expect(steps.map(({ state }) => state)).toEqual(['not played', 'not played']);
  });

  it('that breaks off ends the story with its reason', async () => {
    const { act, steps } = narrator();
    const broken = act('One', async () => {
      throw new Error('The run did not arrive.');
    });
    await expect(broken).rejects.toBeInstanceOf(StoryEnded);
    expect(steps.map(({ state, error }) => [state, error])).toEqual([
      ['failed', 'The run did not arrive.'],
      ['not played', null],
    ]);
  });
});
