import { describe, expect, it } from 'vitest';
import { namedInState } from './named-in-state.ts';

const [SERIES, FILE, TEXT] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));

describe('the blobs of an object', () => {
  it('are those its claims name as series and file, not what an athlete wrote', () => {
    const state = {
      claims: {
        'garmin|c1|1': { series: { sha256: SERIES, channels: ['hr'], points: 2 }, file: { sha256: FILE, name: 'a' } },
        'garmin|c1|2': { series: null, file: null },
      },
      typed: { notes: `{"sha256":"${TEXT}"}` },
    };
    expect(namedInState(JSON.stringify(state))).toEqual([SERIES, FILE]);
  });
});
