/** A run as a watch records it: one point a second, and the totals the watch shows. Rounded as devices round. */
import { climb } from '@coach-hub/core/formats';
import { drift, type Random } from './chance.ts';
import { loopRoute, type Place } from './loop-route.ts';

const LAP_M = 1_000;
const STEPS_PER_MINUTE = 172;
const KCAL_PER_KM = 68;
const SEMICIRCLES_PER_DEGREE = 2 ** 31 / 180;

export interface RunPlan {
  startS: number;
  utcOffsetS: number;
  distanceM: number;
  /** Timer time, s. */
  durationS: number;
  /** Mean heart rate to aim at, bpm. */
  heartRateBpm: number;
  /** A stop half-way with the timer off, s. */
  pauseS: number;
  /** Garmin's word. */
  activityType: string;
  hasPosition: boolean;
}

export interface RunPoint {
  /** Seconds since the start, pauses included. */
  clockS: number;
  timerS: number;
  distanceM: number;
  speedMps: number;
  heartRateBpm: number;
  cadenceSpm: number;
  altitudeM: number;
  place: Place | null;
}

export interface RunFigures {
  elapsedS: number;
  timerS: number;
  distanceM: number;
  avgHeartRateBpm: number;
  maxHeartRateBpm: number;
  avgCadenceSpm: number;
  maxCadenceSpm: number;
  maxSpeedMps: number;
  ascentM: number;
  descentM: number;
  energyKcal: number;
}

export interface RecordedRun {
  plan: RunPlan;
  points: RunPoint[];
  totals: RunFigures;
  /** First and last point of each lap; neighbours share one. */
  laps: { from: number; to: number; figures: RunFigures }[];
}

export function recordRun(plan: RunPlan, random: Random): RecordedRun {
  const points = pointsOf(plan, random);
  const starts = lapStarts(points);
  const laps = starts.map((from, lap) => {
    const to = starts[lap + 1] ?? points.length - 1;
    return { from, to, figures: figuresOf(points.slice(from, to + 1)) };
  });
  return { plan, points, totals: figuresOf(points), laps };
}

function pointsOf({ durationS, distanceM, heartRateBpm, pauseS, hasPosition }: RunPlan, random: Random): RunPoint[] {
  const count = durationS + 1;
  const speeds = scaledTo(
    drift(random, count, 40, 0.05).map((change) => Math.max(0.3, 1 + change)),
    distanceM,
  );
  const route = loopRoute(distanceM, random);
  const north = drift(random, count, 60, 1.2);
  const east = drift(random, count, 60, 1.2);
  const altitude = drift(random, count, 90, 0.4);
  const hearts = heartRates(heartRateBpm, count, random);
  const steps = drift(random, count, 15, 2.5);
  const pauseAt = Math.floor(durationS / 2);
  let metres = 0;
  return speeds.map((speed, i) => {
    if (i > 0) metres += speed;
    const place = route(metres);
    return {
      clockS: i + (i > pauseAt ? pauseS : 0),
      timerS: i,
      distanceM: i === durationS ? round(distanceM, 100) : round(metres, 100),
      speedMps: round(speed, 1_000),
      heartRateBpm: hearts[i]!,
      cadenceSpm: distanceM === 0 ? 0 : Math.round(STEPS_PER_MINUTE + steps[i]!),
      altitudeM: round(place.altitudeM + altitude[i]!, 5),
      place: hasPosition ? onDevice(place, north[i]!, east[i]!) : null,
    };
  });
}

/** Speeds whose seconds add up to the distance; the first point is the start and covers nothing. */
function scaledTo(weights: number[], distanceM: number): number[] {
  const sum = weights.slice(1).reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * distanceM) / sum);
}

/** Rises in the first minutes, drifts up a little, and has the asked mean. */
function heartRates(meanBpm: number, count: number, random: Random): number[] {
  const noise = drift(random, count, 25, 2.5);
  const shape = noise.map((change, i) => change - 38 * Math.exp(-i / 100) + (6 * i) / count);
  const mean = shape.reduce((total, value) => total + value, 0) / count;
  return shape.map((value) => Math.max(40, Math.min(220, Math.round(meanBpm + value - mean))));
}

/** A satellite fix: a little beside, and in the steps a FIT file can hold. */
function onDevice(place: Place, northM: number, eastM: number): Place {
  const semicircles = (degrees: number) => round(degrees, SEMICIRCLES_PER_DEGREE);
  return {
    latitudeDeg: semicircles(place.latitudeDeg + northM / 111_195),
    longitudeDeg: semicircles(place.longitudeDeg + eastM / 75_300),
    altitudeM: place.altitudeM,
  };
}

function lapStarts(points: readonly RunPoint[]): number[] {
  const starts = [0];
  for (let i = 1; i < points.length - 1; i++) if (points[i]!.distanceM >= starts.length * LAP_M) starts.push(i);
  return starts;
}

function figuresOf(points: readonly RunPoint[]): RunFigures {
  const first = points[0]!;
  const last = points.at(-1)!;
  const distanceM = round(last.distanceM - first.distanceM, 100);
  const climbed = climb(
    Float64Array.from(points, (point) => point.altitudeM),
    'barometric',
  );
  return {
    elapsedS: last.clockS - first.clockS,
    timerS: last.timerS - first.timerS,
    distanceM,
    avgHeartRateBpm: mean(points, (point) => point.heartRateBpm),
    maxHeartRateBpm: highest(points, (point) => point.heartRateBpm),
    avgCadenceSpm: mean(points, (point) => point.cadenceSpm),
    maxCadenceSpm: highest(points, (point) => point.cadenceSpm),
    maxSpeedMps: highest(points, (point) => point.speedMps),
    ascentM: climbed?.ascentM ?? 0,
    descentM: climbed?.descentM ?? 0,
    energyKcal: Math.round((distanceM / 1_000) * KCAL_PER_KM),
  };
}

function mean(points: readonly RunPoint[], of: (point: RunPoint) => number): number {
  return Math.round(points.reduce((total, point) => total + of(point), 0) / points.length);
}

function highest(points: readonly RunPoint[], of: (point: RunPoint) => number): number {
  return points.reduce((high, point) => Math.max(high, of(point)), 0);
}

function round(value: number, stepsPerUnit: number): number {
  return Math.round(value * stepsPerUnit) / stepsPerUnit;
}
