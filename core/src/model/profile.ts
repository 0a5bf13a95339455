/** Kind `profile`: one per athlete, id `profile`. */
import { z } from 'zod';
import type { FieldTable } from './field.ts';

export const profile: FieldTable = {
  timeZone: {
    class: 'setting',
    type: z.string().min(1).max(64),
    unit: null,
    tolerance: 'exact',
    group: null,
    correctable: 'never',
    athlete: 'typed',
    help: 'IANA zone the athlete lives in. The phone writes it when its own zone changes.',
  },
};
