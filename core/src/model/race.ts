/**
 * Kind `race`: a race the athlete chose. A catalogue keeps telling what it knows of it; the athlete's correction of
 * date or course wins, and the catalogue's word stays beside it in `alt`.
 */
import { z } from 'zod';
import { corrected, type FieldTable, objective, range, user } from './field.ts';

const text = (max: number) => z.string().max(max);
const catalogue = { group: 'event' } as const;
const course = { group: 'course' } as const;

export const race: FieldTable = {
  day: corrected(z.iso.date(), 'Local date of the race, at its place.', catalogue),
  startsAt: corrected(z.iso.datetime(), 'Start, ISO 8601 UTC.', catalogue),
  timeZone: corrected(text(64), 'IANA zone of the place.', catalogue),
  name: corrected(text(200), 'Name.', catalogue),
  city: corrected(text(100), 'Town.', catalogue),
  country: corrected(z.string().length(2), 'Country, ISO 3166-1 alpha-2.', catalogue),
  status: objective(
    'event',
    z.enum(['planned', 'confirmed', 'moved', 'cancelled', 'unknown']),
    'exact',
    'What the catalogue says of it.',
    {
      athlete: 'none',
    },
  ),
  url: corrected(z.url().max(1_000), 'Page of the race.', catalogue),
  distanceM: corrected(range(50, 1_000_000), 'Distance, m.', { ...course, tolerance: { rel: 0.001 } }),
  ascentM: corrected(range(0, 50_000), 'Metres climbed; not known is not flat.', { ...course, tolerance: { abs: 10 } }),
  descentM: corrected(range(0, 50_000), 'Metres descended.', { ...course, tolerance: { abs: 10 } }),
  surface: corrected(z.enum(['road', 'trail', 'track', 'mixed']), 'Ground.', course),
  track: objective('course', text(20_000), 'exact', 'Course, at most 200 points, as an encoded polyline (1e-5°).', {
    athlete: 'none',
  }),
  priority: user(z.enum(['A', 'B', 'C']), 'How much it matters.'),
  goalTimeS: user(range(60, 30 * 86_400), 'Time the athlete aims at, s.'),
  resultTimeS: user(range(60, 30 * 86_400), 'Official time, s.'),
  notes: user(text(10_000), 'The athlete’s words.'),
};
