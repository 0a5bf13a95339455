/** The sports we tell apart. Whatever a vendor calls otherwise becomes `other`, with a note. */
export const SPORTS = ['run', 'ride', 'swim', 'walk', 'hike', 'strength', 'transition', 'multisport', 'other'] as const;
export type Sport = (typeof SPORTS)[number];

/** Finer than the sport, where a device or the athlete says so. */
export const SUB_SPORTS = [
  'road',
  'trail',
  'track',
  'treadmill',
  'virtual',
  'indoor',
  'mountain',
  'gravel',
  'cyclocross',
  'pool',
  'open_water',
  'obstacle',
  'ultra',
] as const;
export type SubSport = (typeof SUB_SPORTS)[number];

/** Sub-sports without a position of their own, where distance is an estimate. */
const INDOOR: ReadonlySet<string> = new Set(['treadmill', 'virtual', 'indoor', 'pool']);

export function isIndoor(subSport: string | null): boolean {
  return subSport !== null && INDOOR.has(subSport);
}

/** Sports that may be two names of one outing: a `walk` and a `hike` are one family, every kind of run another. */
export function sportFamily(sport: string | null): string | null {
  if (sport === null || sport === 'other') return null;
  return sport === 'hike' ? 'walk' : sport;
}
