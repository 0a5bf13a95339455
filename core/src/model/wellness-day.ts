/**
 * Kind `wellness_day`: one local date of an athlete; its id is the date. Every group comes from one source, never a sum
 * or a mean over vendors.
 */
import { z } from 'zod';
import { type FieldTable, objective, range, subjective, whole } from './field.ts';

const vendor = { athlete: 'none' } as const;
const score = range(0, 100);

export const wellnessDay: FieldTable = {
  restingHeartRateBpm: objective('restingHeartRate', range(20, 150), { abs: 1 }, 'Heart rate at rest, bpm.'),
  hrvRmssdMs: objective('hrv', range(0, 400), { abs: 1 }, 'Heart rate variability of the night, RMSSD, ms.'),
  hrvSdnnMs: objective(
    'hrvSdnn',
    range(0, 600),
    { abs: 1 },
    'Heart rate variability, SDNN, ms: another measure, never mixed with RMSSD.',
  ),
  hrvMorningRmssdMs: objective(
    'hrvMorning',
    range(0, 400),
    { abs: 1 },
    'Manual test in the morning, RMSSD, ms: a series of its own.',
  ),
  steps: objective('steps', whole(0, 300_000), 'exact', 'Steps: of one source, never a sum.'),
  floorsClimbed: objective('steps', whole(0, 5_000), 'exact', 'Floors climbed.'),
  walkedDistanceM: objective('steps', range(0, 500_000), { rel: 0.02 }, 'Distance of the day on foot, m.'),
  activeS: objective('activeTime', range(0, 90_000), 'exact', 'Active time, s.'),
  moderateS: objective('activeTime', range(0, 90_000), 'exact', 'Time of moderate intensity, s.'),
  vigorousS: objective('activeTime', range(0, 90_000), 'exact', 'Time of vigorous intensity, s.'),
  totalEnergyKcal: objective('energy', range(0, 30_000), { rel: 0.05 }, 'Energy spent in the day, kcal.'),
  activeEnergyKcal: objective('energy', range(0, 30_000), { rel: 0.05 }, 'Energy spent moving, kcal.'),
  restingEnergyKcal: objective('energy', range(0, 10_000), { rel: 0.05 }, 'Energy spent at rest, kcal.'),
  bodyBatteryHigh: objective('bodyBattery', score, 'exact', 'Highest Body Battery; the vendor’s own measure.', vendor),
  bodyBatteryLow: objective('bodyBattery', score, 'exact', 'Lowest Body Battery.', vendor),
  avgStress: objective('stressScore', score, 'exact', 'Mean stress as the vendor computes it, 0–100.', vendor),
  readiness: objective('readiness', score, 'exact', 'Readiness as the vendor computes it, 0–100.', vendor),
  respirationPerMin: objective('respiration', range(0, 60), { abs: 0.5 }, 'Breaths per minute.', vendor),
  spO2Pct: objective('spO2', range(50, 100), { abs: 1 }, 'Oxygen saturation, %.', vendor),
  skinTemperatureDeltaC: objective(
    'skinTemperature',
    range(-10, 10),
    { abs: 0.1 },
    'Skin temperature against the usual, °C.',
    vendor,
  ),
  avgHeartRateBpm: objective('heartRate', range(20, 220), { abs: 1 }, 'Mean heart rate of the day, bpm.', vendor),
  maxHeartRateBpm: objective('heartRate', range(20, 260), { abs: 1 }, 'Highest heart rate of the day, bpm.', vendor),

  soreness: subjective(whole(1, 5), 'Soreness, 1–5.'),
  mood: subjective(whole(1, 5), 'Mood, 1–5.'),
  stress: subjective(whole(1, 5), 'Stress as felt, 1–5.'),
  motivation: subjective(whole(1, 5), 'Motivation, 1–5.'),
  fatigue: subjective(whole(1, 5), 'Fatigue, 1–5.'),
  painLocation: subjective(z.string().max(64), 'Where it hurts. Never inferred.'),
  painSeverity: subjective(range(0, 10), 'How much it hurts, 0–10. Never inferred.'),
  illness: subjective(z.boolean(), 'Whether the athlete is ill.'),
  menstruation: subjective(
    z.enum(['none', 'light', 'medium', 'heavy']),
    'The athlete’s own log; only where they keep one.',
  ),
  notes: subjective(z.string().max(10_000), 'The athlete’s words.', { keepsEarlier: true }),
};
