import type { Explanation } from '@coach-hub/core';
import { z } from 'zod';
import { KnownKind } from './object-ref.ts';

export const ExplanationShape: z.ZodType<Explanation> = z.object({
  kind: KnownKind,
  id: z.string(),
  rev: z.number().int(),
  day: z.iso.date().nullable(),
  deleted: z.boolean(),
  aliases: z.array(z.string()).describe('Other ids that lead here.'),
  sources: z.array(
    z.object({
      source: z.string(),
      form: z.string(),
      externalId: z.string(),
      origin: z.string(),
      receipt: z.number().int(),
      fields: z.number().int(),
    }),
  ),
  fields: z.array(
    z.object({
      field: z.string(),
      value: z.unknown(),
      unit: z.string().nullable(),
      class: z.string(),
      decidedBy: z.string(),
      rule: z.string().describe('The rule in one sentence.'),
      others: z.array(z.object({ source: z.string(), value: z.unknown() })),
    }),
  ),
});
