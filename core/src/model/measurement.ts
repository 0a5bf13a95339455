/** Kind `measurement`: one reading of the body at one time. A typed one is as good as a scale's. */
import { z } from 'zod';
import { corrected, type FieldTable, range, subjective, whole } from './field.ts';

export const measurement: FieldTable = {
  startedAt: corrected(z.iso.datetime(), 'When it was taken, ISO 8601 UTC.', {
    group: 'time',
    tolerance: { abs: 60_000 },
  }),
  day: corrected(z.iso.date(), 'Local date it was taken.', { group: 'time' }),
  timeZone: corrected(z.string().max(64), 'IANA zone it was taken in.', { group: 'time' }),
  utcOffsetS: corrected(whole(-50_400, 54_000), 'Offset of local time from UTC, s.', { group: 'time' }),
  weightKg: corrected(range(20, 400), 'Body weight, kg.', { group: 'body', tolerance: { abs: 0.1 } }),
  bodyFatPct: corrected(range(1, 75), 'Body fat, %. A lab’s value is typed as a correction and wins.', {
    group: 'body',
    tolerance: { abs: 0.5 },
  }),
  muscleKg: corrected(range(5, 200), 'Muscle mass, kg.', { group: 'body', tolerance: { abs: 0.1 } }),
  boneKg: corrected(range(0.5, 20), 'Bone mass, kg.', { group: 'body', tolerance: { abs: 0.1 } }),
  waterPct: corrected(range(10, 90), 'Body water, %.', { group: 'body', tolerance: { abs: 0.5 } }),
  glucoseMgDl: corrected(range(10, 1_000), 'Glucose, mg/dL.', { group: 'glucose', tolerance: { abs: 1 } }),
  sweatRateLPerH: corrected(range(0, 6), 'Sweat rate of a test, L/h.', { group: 'sweat', tolerance: { abs: 0.05 } }),
  note: subjective(z.string().max(2_000), 'The athlete’s remark.'),
};
