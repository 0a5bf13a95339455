/** Kind `question`: something a person must decide. Written by the ledger and by engines, answered by the athlete. */
import { z } from 'zod';
import { derived, type FieldTable, user } from './field.ts';

export const question: FieldTable = {
  code: derived(z.string(), 'What is asked, as a code an app translates: `same_activity`, `time_zone_shift` …'),
  about: derived(z.array(z.object({ kind: z.string(), id: z.string() })), 'The objects it is about.'),
  params: derived(z.record(z.string(), z.union([z.string(), z.number()])), 'Figures for the sentence.'),
  options: derived(z.array(z.string()), 'Answers that make sense.'),
  answer: user(z.string().max(128), 'One of the options. An answered question is closed; cleared, it is asked again.'),
};
