import { describe, expect, it } from 'vitest';
import { sportOf } from './sport-table.ts';

describe('a FIT sport', () => {
  it.each([
    [1, 3, 'run', 'trail'],
    [1, 0, 'run', null],
    [2, 58, 'ride', 'virtual'],
    [2, 46, 'ride', 'gravel'],
    [5, 17, 'swim', 'pool'],
    [4, 1, 'run', 'treadmill'],
    [10, 20, 'strength', null],
    [17, undefined, 'hike', null],
    [3, 0, 'transition', null],
  ])('%s with sub-sport %s is %s, %s', (sport, subSport, ours, oursFiner) => {
    expect(sportOf(sport, subSport)).toEqual({ sport: ours, subSport: oursFiner, notes: [] });
  });

  it.each([
    [82, undefined, [{ code: 'sport_unknown', params: { sport: 82, subSport: -1 } }]],
    [4, 15, [{ code: 'sport_unknown', params: { sport: 4, subSport: 15 } }]],
    [undefined, undefined, [{ code: 'sport_not_stated' }]],
    [
      0,
      200,
      [
        { code: 'sport_unknown', params: { sport: 0, subSport: 200 } },
        { code: 'sub_sport_unknown', params: { subSport: 200 } },
      ],
    ],
  ])('%s with sub-sport %s is noted', (sport, subSport, notes) => {
    expect(sportOf(sport, subSport)).toEqual({ sport: 'other', subSport: null, notes });
  });
});
