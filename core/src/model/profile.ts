/** Kind `profile`: one per athlete, id `profile`. */
import { z } from 'zod';
import { isTimeZone } from '../series/time-zone.ts';
import type { FieldTable } from './field.ts';

export const profile: FieldTable = {
  timeZone: {
    class: 'setting',
    type: z.string().max(64).refine(isTimeZone, 'expected an IANA time zone this hub knows'),
    unit: null,
    tolerance: 'exact',
    group: null,
    correctable: 'never',
    athlete: 'typed',
    help: 'IANA zone the athlete lives in. The phone writes it when its own zone changes.',
  },
};
