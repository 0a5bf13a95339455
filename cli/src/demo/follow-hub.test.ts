import { describe, expect, it } from 'vitest';
import { plain } from '../screen/style.ts';
import { followHub } from './follow-hub.ts';
import type { Phone } from './phone.ts';

type Screen = ReturnType<Phone['screen']>;

/** The phone's list with one run on it. */
function list(rev: number, distanceM: number): Screen {
  const data = { sport: 'run', distanceM };
  return [{ id: 'act_1', kind: 'activity', rev, data } as unknown as Screen[number]];
}

describe('the phone of a demo that serves on', () => {
  it('tells of a run once, however often the hub learns more of it, and again when its line changes', () => {
    const said: string[] = [];
    let show: (activities: Screen) => void = () => undefined;
    const phone = {
      coach: { sync: () => Promise.reject(new Error('not asked')) },
      screen: () => [],
      onScreen: (callback: typeof show) => {
        show = callback;
      },
    };
    const stop = AbortSignal.abort();
    followHub({ url: '', athlete: { token: '' }, phone }, { stop, say: (text) => void said.push(text), style: plain });
    show(list(1, 5_000));
    show(list(2, 5_000));
    show(list(3, 5_020));
    expect(said).toEqual(['\nphone  Run · 5.00 km  1 run now', '\nphone  Run · 5.02 km  1 run now']);
  });
});
