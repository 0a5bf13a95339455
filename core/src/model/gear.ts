/** Kind `gear`: shoes, bikes and what else wears. A provider fills what the athlete left blank. */
import { z } from 'zod';
import { type FieldTable, range, user } from './field.ts';

export const gear: FieldTable = {
  type: user(z.enum(['shoes', 'bike', 'other']), 'What it is.'),
  name: user(z.string().max(100), 'What the athlete calls it.'),
  brand: user(z.string().max(100), 'Brand.'),
  model: user(z.string().max(100), 'Model.'),
  firstUsedDay: user(z.iso.date(), 'Local date of the first use.'),
  distanceBeforeM: user(range(0, 10_000_000), 'Distance it had before the first activity here, m.'),
  retireAtM: user(range(0, 10_000_000), 'Distance at which to replace it, m.'),
  retired: user(z.boolean(), 'Whether it is out of use.'),
};
