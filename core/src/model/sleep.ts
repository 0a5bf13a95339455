/**
 * Kind `sleep`: the night that ended on a local date; its id is that date. One source tells interval, stages and score
 * together. Further sleep of the date is a nap.
 */
import { z } from 'zod';
import { corrected, derived, type FieldTable, objective, range, subjective, whole } from './field.ts';

const Instant = z.iso.datetime();
const Seconds = range(0, 2 * 86_400);
const vendor = { athlete: 'none' } as const;
const TEN_MINUTES = { abs: 600 };
const TEN_MINUTES_MS = { abs: 600_000 };

export const Nap = z.object({ startedAt: Instant, endedAt: Instant });

export const sleep: FieldTable = {
  startedAt: corrected(Instant, 'Asleep from, ISO 8601 UTC. The athlete’s correction wins.', {
    group: 'sleep',
    tolerance: TEN_MINUTES_MS,
  }),
  endedAt: corrected(Instant, 'Awake from, ISO 8601 UTC. The athlete’s correction wins.', {
    group: 'sleep',
    tolerance: TEN_MINUTES_MS,
  }),
  timeZone: objective('sleep', z.string().max(64), 'exact', 'IANA zone of the waking.', vendor),
  utcOffsetS: objective('sleep', whole(-50_400, 54_000), 'exact', 'Offset of local time from UTC, s.', vendor),
  durationS: derived(Seconds, 'From falling asleep to waking, s: 23 or 25 hour days included.'),
  asleepS: objective('sleep', Seconds, TEN_MINUTES, 'Time asleep, s.', vendor),
  awakeS: objective('sleep', Seconds, TEN_MINUTES, 'Time awake in between, s.', vendor),
  lightS: objective('sleep', Seconds, TEN_MINUTES, 'Light sleep, s.', vendor),
  deepS: objective('sleep', Seconds, TEN_MINUTES, 'Deep sleep, s.', vendor),
  remS: objective('sleep', Seconds, TEN_MINUTES, 'REM sleep, s.', vendor),
  score: objective('sleep', range(0, 100), 'exact', 'As the vendor computes it, 0–100.', vendor),
  scoreStale: derived(z.boolean(), 'The athlete corrected the interval, so the vendor’s score is of another night.'),
  naps: objective('naps', z.array(Nap).max(20), 'exact', 'Further sleep of the date, apart from the night.'),
  quality: subjective(whole(1, 5), 'How well the athlete slept, 1–5.'),
  notes: subjective(z.string().max(10_000), 'The athlete’s words.', { keepsEarlier: true }),
};
