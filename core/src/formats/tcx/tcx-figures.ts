/** The figures of an activity as its laps sum up to. What not every lap states is left to the points. */
import type { Sport } from '../../model/sport.ts';
import type { DecodedLap, SessionFigures } from '../decoded.ts';
import { feetCounted } from '../feet-counted.ts';
import { isWithin, windowAround } from '../time-window.ts';
import type { TcxLap } from './tcx-lap.ts';

export function figuresOfLaps(laps: readonly TcxLap[], sport: Sport): Partial<SessionFigures> {
  const avgCadence = mean(laps, ({ avgCadence }) => avgCadence);
  const maxCadence = highest(laps.map((lap) => lap.maxCadence));
  const feet = feetCounted(sport);
  return known({
    timerS: sum(laps.map((lap) => lap.timerS)),
    distanceM: sum(laps.map((lap) => lap.distanceM)),
    maxSpeedMps: highest(laps.map((lap) => lap.maxSpeedMps)),
    energyKcal: sum(laps.map((lap) => lap.energyKcal)),
    avgHeartRateBpm: rounded(mean(laps, ({ avgHeartRateBpm }) => avgHeartRateBpm)),
    maxHeartRateBpm: highest(laps.map((lap) => lap.maxHeartRateBpm)),
    avgCadenceSpm: avgCadence === null ? null : Math.round(feet * avgCadence),
    maxCadenceSpm: maxCadence === null ? null : feet * maxCadence,
    avgPowerW: rounded(mean(laps, ({ avgPowerW }) => avgPowerW)),
    maxPowerW: highest(laps.map((lap) => lap.maxPowerW)),
  });
}

/** How long an activity lasts at least: its laps one after the other, and to the end of each. */
export function leastElapsedS(laps: readonly TcxLap[], startedAtMs: number): number | null {
  const window = windowAround(startedAtMs / 1_000);
  let leastS = sum(laps.map((lap) => lap.timerS));
  for (const { startMs, timerS } of laps) {
    if (startMs === null || timerS === null || !isWithin(window, startMs / 1_000)) continue;
    leastS = Math.max(leastS ?? 0, (startMs - startedAtMs) / 1_000 + timerS);
  }
  return leastS;
}

/** @param lastPointMs time of its last point. A lap lasts as long as its points, which go on through pauses. */
export function decodeTcxLap(lap: TcxLap, sport: Sport, startedAtMs: number, lastPointMs: number | null): DecodedLap {
  const byPoints = lastPointMs === null ? null : Math.max(0, (lastPointMs - startedAtMs) / 1_000);
  return {
    startedAtMs,
    elapsedS: byPoints === null && lap.timerS === null ? null : Math.max(byPoints ?? 0, lap.timerS ?? 0),
    timerS: lap.timerS,
    distanceM: lap.distanceM,
    avgHeartRateBpm: lap.avgHeartRateBpm,
    maxHeartRateBpm: lap.maxHeartRateBpm,
    avgCadenceSpm: lap.avgCadence === null ? null : feetCounted(sport) * lap.avgCadence,
    avgPowerW: lap.avgPowerW,
    ascentM: null,
  };
}

function known(figures: Partial<SessionFigures>): Partial<SessionFigures> {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== null));
}

/** Of the laps that state it: a lap without distance is a rest. */
function sum(values: readonly (number | null)[]): number | null {
  const stated = values.filter((value) => value !== null);
  return stated.length === 0 ? null : stated.reduce((total, value) => total + value, 0);
}

/** The highest of all laps; null unless each states one. */
function highest(values: readonly (number | null)[]): number | null {
  let most: number | null = null;
  for (const value of values) {
    if (value === null) return null;
    if (most === null || value > most) most = value;
  }
  return most;
}

/** Weighed by the time of each lap; null unless each that has a time states one. */
function mean(laps: readonly TcxLap[], figure: (lap: TcxLap) => number | null): number | null {
  let total = 0;
  let seconds = 0;
  for (const lap of laps) {
    if (lap.timerS === null) continue;
    const value = figure(lap);
    if (value === null) return null;
    total += value * lap.timerS;
    seconds += lap.timerS;
  }
  return seconds === 0 ? null : total / seconds;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
