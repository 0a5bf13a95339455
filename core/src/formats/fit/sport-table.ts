/**
 * FIT's sport and sub-sport numbers in our words.
 *
 * A sport we do not tell apart becomes `other` with a note. A sub-sport without a word of ours is left out: it says
 * less than the sport, except where the sport says nothing (`fitness_equipment`, `training`).
 */
import type { Sport, SubSport } from '../../model/sport.ts';
import type { DecodeNote } from '../decoded.ts';

const SPORTS: ReadonlyMap<number, Sport> = new Map([
  [1, 'run'],
  [2, 'ride'],
  [3, 'transition'],
  [5, 'swim'],
  [11, 'walk'],
  [16, 'hike'], // mountaineering
  [17, 'hike'],
  [18, 'multisport'],
  [21, 'ride'], // e-biking
]);

/** `fitness_equipment` and `training`: the sub-sport tells what was done. */
const GENERAL_SPORTS: ReadonlySet<number> = new Set([4, 10]);
const SPORT_OF_SUB_SPORT: ReadonlyMap<number, Sport> = new Map([
  [1, 'run'], // treadmill
  [5, 'ride'], // spin
  [6, 'ride'], // indoor cycling
  [20, 'strength'],
  [27, 'walk'], // indoor walking
  [45, 'run'], // indoor running
]);

const SUB_SPORTS: ReadonlyMap<number, SubSport> = new Map([
  [1, 'treadmill'],
  [2, 'road'], // street
  [3, 'trail'],
  [4, 'track'],
  [5, 'indoor'], // spin
  [6, 'indoor'], // indoor cycling
  [7, 'road'],
  [8, 'mountain'],
  [9, 'mountain'], // downhill
  [11, 'cyclocross'],
  [13, 'track'], // track cycling
  [14, 'indoor'], // indoor rowing
  [17, 'pool'], // lap swimming
  [18, 'open_water'],
  [25, 'indoor'], // indoor skiing
  [27, 'indoor'], // indoor walking
  [45, 'indoor'], // indoor running
  [46, 'gravel'],
  [47, 'mountain'], // e-bike mountain
  [58, 'virtual'],
  [59, 'obstacle'],
  [67, 'ultra'],
]);

/** The highest sub-sport number of the profile this table was made from; 254 means "all". */
const LAST_KNOWN_SUB_SPORT = 154;
const ALL_SUB_SPORTS = 254;

/** What a session is, in our words, and what an operator may want to know about it. */
export function sportOf(
  sport: number | undefined,
  subSport: number | undefined,
): { sport: Sport; subSport: SubSport | null; notes: DecodeNote[] } {
  const known = sport !== undefined && GENERAL_SPORTS.has(sport) ? SPORT_OF_SUB_SPORT.get(subSport ?? -1) : undefined;
  const ours = known ?? SPORTS.get(sport ?? -1) ?? 'other';
  const notes: DecodeNote[] = [];
  if (sport === undefined) notes.push({ code: 'sport_not_stated' });
  else if (ours === 'other') notes.push({ code: 'sport_unknown', params: { sport, subSport: subSport ?? -1 } });
  if (subSport !== undefined && subSport > LAST_KNOWN_SUB_SPORT && subSport !== ALL_SUB_SPORTS) {
    notes.push({ code: 'sub_sport_unknown', params: { subSport } });
  }
  return { sport: ours, subSport: SUB_SPORTS.get(subSport ?? -1) ?? null, notes };
}
