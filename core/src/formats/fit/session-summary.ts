/**
 * The figures of a session: what its message states, and nothing computed in its place. What a session leaves open
 * stays null even where the records could tell, because it is the recording device's statement.
 */
import type { Sport } from '../../model/sport.ts';
import type { DecodedLap, SessionFigures } from '../decoded.ts';
import { feetCounted } from '../feet-counted.ts';
import { startOf } from './assign-sessions.ts';
import type { LapMessage, SessionMessage } from './fit-messages.ts';
import { fitToUnixMs } from './fit-time.ts';

export function figuresOf(session: SessionMessage, sport: Sport): SessionFigures {
  return {
    elapsedS: session.total_elapsed_time ?? null,
    timerS: session.total_timer_time ?? null,
    distanceM: session.total_distance ?? null,
    ascentM: session.total_ascent ?? null,
    descentM: session.total_descent ?? null,
    avgHeartRateBpm: session.avg_heart_rate ?? null,
    maxHeartRateBpm: session.max_heart_rate ?? null,
    avgCadenceSpm: cadence(session.avg_cadence, session.avg_fractional_cadence, sport),
    maxCadenceSpm: cadence(session.max_cadence, session.max_fractional_cadence, sport),
    avgPowerW: session.avg_power ?? null,
    maxPowerW: session.max_power ?? null,
    normalizedPowerW: session.normalized_power ?? null,
    maxSpeedMps: session.enhanced_max_speed ?? session.max_speed ?? null,
    energyKcal: session.total_calories ?? null,
    avgTemperatureC: session.avg_temperature ?? null,
    strideLengthM: session.avg_step_length === undefined ? null : session.avg_step_length / 1_000,
    verticalOscillationMm: session.avg_vertical_oscillation ?? null,
    groundContactMs: session.avg_stance_time ?? null,
    aerobicTrainingEffect: session.total_training_effect ?? null,
    anaerobicTrainingEffect: session.total_anaerobic_training_effect ?? null,
    rpe: perceivedExertion(session.workout_rpe),
    feel: feel(session.workout_feel),
  };
}

/** A lap's figures. A lap without any time is given the session's start. */
export function decodeLap(lap: LapMessage, sport: Sport, sessionStartedAtMs: number | null): DecodedLap {
  const startFitS = startOf(lap);
  return {
    startedAtMs: startFitS === null ? (sessionStartedAtMs ?? 0) : fitToUnixMs(startFitS),
    elapsedS: lap.total_elapsed_time ?? null,
    timerS: lap.total_timer_time ?? null,
    distanceM: lap.total_distance ?? null,
    avgHeartRateBpm: lap.avg_heart_rate ?? null,
    maxHeartRateBpm: lap.max_heart_rate ?? null,
    avgCadenceSpm: cadence(lap.avg_cadence, lap.avg_fractional_cadence, sport),
    avgPowerW: lap.avg_power ?? null,
    ascentM: lap.total_ascent ?? null,
  };
}

function cadence(perMinute: number | undefined, fraction: number | undefined, sport: Sport): number | null {
  return perMinute === undefined ? null : feetCounted(sport) * (perMinute + (fraction ?? 0));
}

/** The watch asks for 0–10 and writes 0–100; 0 is "not answered". */
function perceivedExertion(raw: number | undefined): number | null {
  return raw === undefined || raw === 0 || raw > 100 ? null : raw / 10;
}

/** The watch asks for one of five faces and writes 0, 25 … 100. */
function feel(raw: number | undefined): number | null {
  return raw === undefined || raw > 100 ? null : Math.round(raw / 25) + 1;
}
