import type { DecodedSession, SessionFigures } from './decoded.ts';

/** The figures of a session that states none of them. */
export const NO_FIGURES: Readonly<SessionFigures> = {
  elapsedS: null,
  timerS: null,
  distanceM: null,
  ascentM: null,
  descentM: null,
  avgHeartRateBpm: null,
  maxHeartRateBpm: null,
  avgCadenceSpm: null,
  maxCadenceSpm: null,
  avgPowerW: null,
  maxPowerW: null,
  normalizedPowerW: null,
  maxSpeedMps: null,
  energyKcal: null,
  avgTemperatureC: null,
  strideLengthM: null,
  verticalOscillationMm: null,
  groundContactMs: null,
  aerobicTrainingEffect: null,
  anaerobicTrainingEffect: null,
  rpe: null,
  feel: null,
};

/** A session that states nothing but its sport, to fill in what is known. */
export const NOTHING_STATED: Readonly<Omit<DecodedSession, 'sport' | 'columns' | 'laps'>> = {
  ...NO_FIGURES,
  part: 0,
  subSport: null,
  startedAtMs: null,
  movingS: null,
  records: 0,
  recordsSetAside: 0,
  heartRateSource: null,
  altitudeSource: null,
};
