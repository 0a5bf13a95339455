/**
 * Kind `completion`: what became of a planned workout. An object of its own, so that it is accepted whatever version
 * of the plan it was made against.
 */
import { z } from 'zod';
import { type FieldTable, user } from './field.ts';

export const completion: FieldTable = {
  plannedWorkoutId: user(z.string().min(1).max(128), 'The planned workout.'),
  activityId: user(z.string().min(1).max(128), 'The activity that fulfilled it.'),
  outcome: user(z.enum(['started', 'done', 'skipped']), 'How it ended; `started` while it is under way.'),
  day: user(z.iso.date(), 'Local date it was done or skipped.'),
  startedAt: user(z.iso.datetime(), 'When it was started, ISO 8601 UTC.'),
  reason: user(z.string().max(500), 'Why it was skipped or changed.'),
  rpe: user(z.number().min(0).max(10), 'Effort of the whole workout, CR-10.'),
};
