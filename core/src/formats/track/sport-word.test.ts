import { describe, expect, it } from 'vitest';
import { sportOfWord } from './sport-word.ts';

describe('the word for a sport', () => {
  it.each([
    ['Running', 'run', null],
    ['Biking', 'ride', null],
    ['trail_running', 'run', 'trail'],
    ['TrailRun', 'run', 'trail'],
    ['Street-Running', 'run', 'road'],
    ['treadmill_running', 'run', 'treadmill'],
    ['jogging', 'run', null],
    ['9', 'run', null],
    ['1', 'ride', null],
    ['cycling', 'ride', null],
    ['VirtualRide', 'ride', 'virtual'],
    ['Mountain Biking', 'ride', 'mountain'],
    ['lap_swimming', 'swim', 'pool'],
    ['open_water_swimming', 'swim', 'open_water'],
    ['Hiking', 'hike', null],
    ['walking', 'walk', null],
    ['strength_training', 'strength', null],
  ])('"%s" is %s %s', (word, sport, subSport) => {
    expect(sportOfWord(word)).toEqual({ sport, subSport, notes: [] });
  });

  it.each(['Other', 'Snorkelling', 'Strides and brunch', '77', 'constructor'])('"%s" is none of ours', (word) => {
    expect(sportOfWord(word)).toEqual({
      sport: 'other',
      subSport: null,
      notes: [{ code: 'sport_unknown', params: { sport: word.toLowerCase() } }],
    });
  });

  it.each([null, '', '  '])('is not there: %s', (word) => {
    expect(sportOfWord(word).notes).toEqual([{ code: 'sport_not_stated' }]);
  });
});
