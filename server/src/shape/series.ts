import type { SeriesAnswer } from '@coach-hub/core';
import { z } from 'zod';
import { KnownKind } from './object-ref.ts';

export const SeriesShape: z.ZodType<SeriesAnswer> = z.object({
  kind: KnownKind,
  id: z.string(),
  series: z.array(
    z.object({
      source: z.string(),
      points: z.number().int(),
      timeS: z.array(z.number()).describe('Seconds since the start, shared by all channels of this source.'),
      channels: z.record(z.string(), z.array(z.number().nullable())),
    }),
  ),
});
