/** Kind `insight`: something an engine noticed or advises. The athlete may refuse it; it never diagnoses. */
import { z } from 'zod';
import { derived, type FieldTable, user } from './field.ts';

export const insight: FieldTable = {
  code: derived(z.string(), 'What it says, as a code an app translates.'),
  params: derived(z.record(z.string(), z.union([z.string(), z.number()])), 'Figures for the sentence.'),
  text: derived(z.string().max(2_000), 'The sentence in English.'),
  severity: derived(z.enum(['info', 'advice', 'warning']), 'How much it matters.'),
  about: derived(z.array(z.object({ kind: z.string(), id: z.string() })), 'The objects it is about.'),
  day: derived(z.iso.date(), 'Local date it is about.'),
  refused: user(z.boolean(), 'The athlete does not want it followed.'),
  seenAt: user(z.iso.datetime(), 'When the athlete saw it.'),
};
