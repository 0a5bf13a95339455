/** Kind `settings`: one per athlete, id `settings`. How the athlete wants things; the newest word counts. */
import { z } from 'zod';
import { type FieldTable, range, setting, whole } from './field.ts';

const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const settings: FieldTable = {
  units: setting(z.enum(['metric', 'imperial']), 'Units the app shows. Everything is kept in SI units.'),
  weekStartsOn: setting(z.enum(['monday', 'sunday', 'saturday']), 'First day of the week.'),
  sourcePriority: setting(
    z.record(z.string().max(40), z.array(z.string().max(64)).max(20)),
    'Providers by group of fields, the preferred one first: {"sleep": ["ring", "watch"]}. It goes before every other ranking.',
  ),
  trainingDays: setting(z.array(Weekday).max(7), 'Days the athlete can train.'),
  longRunDay: setting(Weekday, 'Day of the long run.'),
  maxWeeklyDistanceM: setting(range(0, 1_000_000), 'Most the athlete wants to run in a week, m.'),
  maxWorkoutS: setting(range(0, 86_400), 'Longest workout on an ordinary day, s.'),
  runsPerWeek: setting(whole(1, 14), 'Runs in a week.'),
  quietFrom: setting(ClockTime, 'Local time from which no notification comes, HH:MM.'),
  quietTo: setting(ClockTime, 'Local time until which no notification comes, HH:MM.'),
};
