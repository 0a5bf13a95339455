/** Kind `plan`: one training plan of an athlete, as an engine wrote it last. */
import { z } from 'zod';
import { type FieldTable, planned, range, whole } from './field.ts';

const Phase = z.object({
  phase: z.enum(['general', 'base', 'build', 'peak', 'taper', 'recovery']),
  fromDay: z.iso.date(),
  toDay: z.iso.date(),
});

export const plan: FieldTable = {
  version: planned(whole(1, 1_000_000_000), 'Rises with every change of the plan; a writer names the one it read.'),
  effectiveFrom: planned(z.iso.date(), 'First day this version decides. What lies before it is as it was.'),
  raceId: planned(z.string().max(128), 'The race it leads to.'),
  startDay: planned(z.iso.date(), 'First day of the plan.'),
  endDay: planned(z.iso.date(), 'Last day of the plan.'),
  phases: planned(z.array(Phase).max(60), 'Phases, in order.'),
  anchor: planned(z.record(z.string(), z.json()), 'What the engine fixed when the plan was made.'),
  goalTimeS: planned(range(0, 30 * 86_400), 'Time aimed at, s.'),
};
