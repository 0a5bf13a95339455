/**
 * Kind `planned_workout`: one workout of a plan. Its id stands for its content: another workout is another id, so a
 * completion made offline always points to what was really done.
 */
import { z } from 'zod';
import { derived, type FieldTable, planned, range, user, whole } from './field.ts';
import { SPORTS, SUB_SPORTS } from './sport.ts';

const Target = z.object({
  of: z.enum(['speed', 'heartRate', 'power', 'cadence', 'rpe', 'open']),
  from: z.number().optional(),
  to: z.number().optional(),
});
const Step = z.object({
  intent: z.enum(['warmup', 'work', 'recovery', 'rest', 'cooldown', 'other']),
  durationS: range(0, 86_400).optional(),
  distanceM: range(0, 500_000).optional(),
  target: Target.optional(),
  repeat: whole(1, 100).optional(),
  note: z.string().max(500).optional(),
});

export const plannedWorkout: FieldTable = {
  day: planned(z.iso.date(), 'Local date it is planned for.'),
  slot: planned(whole(0, 9), 'Which workout of the day it is.'),
  planId: planned(z.string().max(128), 'The plan it belongs to.'),
  planVersion: planned(whole(1, 1_000_000_000), 'Version of the plan that made it.'),
  sport: planned(z.enum(SPORTS), 'Sport.'),
  subSport: planned(z.enum(SUB_SPORTS), 'Finer than the sport.'),
  type: planned(z.string().max(40), 'Kind of workout: easy, long, tempo, intervals, race …'),
  title: planned(z.string().max(200), 'Title.'),
  description: planned(z.string().max(4_000), 'What to do, in words.'),
  durationS: planned(range(0, 86_400), 'Planned time, s.'),
  distanceM: planned(range(0, 500_000), 'Planned distance, m.'),
  load: planned(range(0, 10_000), 'Planned load.'),
  steps: planned(z.array(Step).max(200), 'Steps, in order; `repeat` applies to the steps since the last one with it.'),
  movedToDay: user(z.iso.date(), 'Day the athlete moved it to: a wish the next plan takes in.'),
  locked: user(z.boolean(), 'The athlete wants to keep it as it is.'),
  note: user(z.string().max(2_000), 'The athlete’s remark.'),
  completedBy: derived(z.string(), 'Id of the completion: it was done, started or skipped, and is kept for ever.'),
};
