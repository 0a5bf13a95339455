import { describe, expect, it } from 'vitest';
import { sportOf } from './activity-type.ts';

describe('an activity type', () => {
  it.each([
    ['RUNNING', 'run', null],
    ['STREET_RUNNING', 'run', 'road'],
    ['TRACK_RUNNING', 'run', 'track'],
    ['TRAIL_RUNNING', 'run', 'trail'],
    ['ULTRA_RUN', 'run', 'ultra'],
    ['OBSTACLE_RUN', 'run', 'obstacle'],
    ['TREADMILL_RUNNING', 'run', 'treadmill'],
    ['INDOOR_RUNNING', 'run', 'indoor'],
    ['VIRTUAL_RUN', 'run', 'virtual'],
    ['SPEED_WALKING', 'walk', null],
    ['RUCKING', 'hike', null],
    ['GRAVEL_CYCLING', 'ride', 'gravel'],
    ['VIRTUAL_RIDE', 'ride', 'virtual'],
    ['LAP_SWIMMING', 'swim', 'pool'],
    ['OPEN_WATER_SWIMMING', 'swim', 'open_water'],
    ['STRENGTH_TRAINING', 'strength', null],
    ['MULTI_SPORT', 'multisport', null],
    ['BIKE_TO_RUN_TRANSITION_V2', 'transition', null],
    ['OTHER', 'other', null],
  ])('%s is %s, %s', (activityType, sport, subSport) => {
    expect(sportOf(activityType)).toEqual({ sport, subSport, notes: [] });
  });

  it.each([' trail running ', 'TRAIL_RUNNING_V2', 'Trail-Running'])(
    'is read past case, spaces and versions: "%s"',
    (activityType) => {
      expect(sportOf(activityType)).toMatchObject({ sport: 'run', subSport: 'trail' });
    },
  );

  it.each(['PADDELBALL', 'YOGA', 'CROSS_COUNTRY_SKIING_WS', 'WHEELCHAIR_PUSH_RUN', 'toString'])(
    'without a sport of ours is other, with the raw word in a note: %s',
    (activityType) => {
      expect(sportOf(activityType)).toEqual({
        sport: 'other',
        subSport: null,
        notes: [{ code: 'activity_type_other', params: { activityType } }],
      });
    },
  );

  it.each([[undefined], [null], [''], [7]])('that is missing is other, with a note: %j', (activityType) => {
    expect(sportOf(activityType)).toEqual({
      sport: 'other',
      subSport: null,
      notes: [{ code: 'activity_type_missing' }],
    });
  });
});
