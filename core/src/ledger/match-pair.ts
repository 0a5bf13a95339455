/**
 * Are two records one activity? The rules of duplicate detection, steps 2–8, on a pair; step 1 (same provider and
 * external id) has already made one record of its forms. Pure; order of arguments does not matter.
 */
import { isIndoor, sportFamily } from '../model/sport.ts';

/** A record in the measures the rules use. */
export interface MatchRecord {
  key: string;
  provider: string;
  externalId: string;
  part: number;
  /** Sessions of one file share it and are never one activity. */
  groupKey: string | null;
  identities: string[];
  sport: string | null;
  subSport: string | null;
  /** Epoch ms; null for an athlete's log without a start time. */
  startMs: number | null;
  /** Elapsed time, or timer time where the source gives no other, s. */
  elapsedS: number | null;
  distanceM: number | null;
  /** Local date. */
  day: string | null;
  /** Written by hand in the app. */
  byAthlete: boolean;
}

export type Decision = 'update' | 'duplicate' | 'attach' | 'review' | 'contained' | 'separate';

export interface PairDecision {
  decision: Decision;
  /** Step of the rules that decided. */
  step: number;
  /** For `review`: what to ask. */
  code?: 'same_activity' | 'same_time_other_sport' | 'time_zone_shift';
  /** For `contained`: key of the longer record. */
  wholeKey?: string;
}

const MAX_START_GAP_S = 300;
const SHIFT_TOLERANCE_S = 60;
const HOUR_S = 3_600;

/** Shorter over longer; null when one is missing or both are zero. */
function closeness(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  const longer = Math.max(a, b);
  return longer <= 0 ? null : Math.min(a, b) / longer;
}

function shareIdentity(a: MatchRecord, b: MatchRecord): boolean {
  return a.identities.some((identity) => b.identities.includes(identity));
}

function sessionsOfOneOuting(a: MatchRecord, b: MatchRecord): boolean {
  if (a.provider === b.provider && a.externalId === b.externalId && a.part !== b.part) return a.part > 0 && b.part > 0;
  return a.groupKey !== null && a.groupKey === b.groupKey && a.part !== b.part;
}

/** Same family, or one of the two does not know. */
function compatible(a: string | null, b: string | null): boolean {
  const familyA = sportFamily(a);
  const familyB = sportFamily(b);
  return familyA === null || familyB === null || familyA === familyB;
}

/** A multisport outing holds sessions of any sport. */
function canContain(a: string | null, b: string | null): boolean {
  return compatible(a, b) || a === 'multisport' || b === 'multisport';
}

/** Step 3: a log without a start time against a timed record. */
export function decideAttach(log: MatchRecord, timed: MatchRecord): PairDecision {
  const distance = closeness(log.distanceM, timed.distanceM);
  const duration = closeness(log.elapsedS, timed.elapsedS);
  const fits =
    log.day !== null &&
    log.day === timed.day &&
    compatible(log.sport, timed.sport) &&
    (distance === null || distance >= 0.85) &&
    (duration === null || duration >= 0.8);
  return { decision: fits ? 'attach' : 'separate', step: 3 };
}

/**
 * @param utcOffsetS asked only where a time-zone shift is possible: the athlete's offset from UTC then, s; null when
 *   it is not known.
 */
export function decidePair(a: MatchRecord, b: MatchRecord, utcOffsetS: () => number | null): PairDecision {
  if (a.provider === b.provider && a.externalId === b.externalId && a.part === b.part && !a.byAthlete) {
    return { decision: 'update', step: 1 };
  }
  if (shareIdentity(a, b)) return { decision: 'duplicate', step: 2 };
  if (sessionsOfOneOuting(a, b)) return { decision: 'separate', step: 2 };
  if (a.startMs === null || b.startMs === null) {
    if (a.startMs === null && b.startMs === null) return { decision: 'separate', step: 3 };
    return a.startMs === null ? decideAttach(a, b) : decideAttach(b, a);
  }
  return decideTimed(a, a.startMs, b, b.startMs, utcOffsetS);
}

/** Steps 4–8: two records with a start. */
function decideTimed(
  a: MatchRecord,
  aStartMs: number,
  b: MatchRecord,
  bStartMs: number,
  utcOffsetS: () => number | null,
): PairDecision {
  const aElapsedS = a.elapsedS ?? 0;
  const bElapsedS = b.elapsedS ?? 0;
  const shorterS = Math.min(aElapsedS, bElapsedS);
  const startGapS = Math.abs(aStartMs - bStartMs) / 1_000;
  const sharedS =
    (Math.min(aStartMs + aElapsedS * 1_000, bStartMs + bElapsedS * 1_000) - Math.max(aStartMs, bStartMs)) / 1_000;
  const overlap = shorterS > 0 ? Math.max(0, sharedS) / shorterS : 0;
  const duration = closeness(aElapsedS, bElapsedS) ?? 0;
  const distance = closeness(a.distanceM, b.distanceM);
  const sameFamily = compatible(a.sport, b.sport);
  const leastDistance = isIndoor(a.subSport) || isIndoor(b.subSport) ? 0.75 : 0.9;

  const near = overlap >= 0.9 && duration >= 0.9 && startGapS <= MAX_START_GAP_S;
  if (near && (distance === null || distance >= leastDistance) && sameFamily) return { decision: 'duplicate', step: 4 };
  if (overlap >= 0.7 && duration >= 0.8) {
    return { decision: 'review', step: 5, code: sameFamily ? 'same_activity' : 'same_time_other_sport' };
  }
  if (overlap >= 0.9 && duration < 0.8 && canContain(a.sport, b.sport)) {
    return { decision: 'contained', step: 6, wholeKey: aElapsedS >= bElapsedS ? a.key : b.key };
  }
  const alike = duration >= 0.98 && distance !== null && distance >= 0.985;
  if (sharedS <= 0 && a.provider !== b.provider && alike && isZoneShift(startGapS, utcOffsetS())) {
    return { decision: 'review', step: 7, code: 'time_zone_shift' };
  }
  return { decision: 'separate', step: 8 };
}

/** Whether two starts are apart by the athlete's offset from UTC, give or take an hour of daylight saving. */
function isZoneShift(startGapS: number, utcOffsetS: number | null): boolean {
  if (utcOffsetS === null) return false;
  return [0, HOUR_S, -HOUR_S].some((hour) => Math.abs(startGapS - Math.abs(utcOffsetS) - hour) <= SHIFT_TOLERANCE_S);
}
