/**
 * Kind `activity`: a recorded or typed session of sport. Every field with its class, unit, tolerance and group.
 *
 * Groups: `movement` (time, distance and track are one statement), `sport`, `heartRate`, `cadence`, `power`, `dynamics`,
 * `temperature`, `elevation`, `energy`, `vendor`, `device`. Series channels follow the winner of their group.
 */
import { z } from 'zod';
import { isTimeZone } from '../series/time-zone.ts';
import { MAX_TEXT_CHARS } from '../wire/limits.ts';
import { corrected, derived, type FieldTable, identity, objective, range, subjective, user, whole } from './field.ts';
import { SPORTS, SUB_SPORTS } from './sport.ts';

const Instant = z.iso.datetime();
const Day = z.iso.date();
const DAY_S = 86_400;
const Seconds = range(0, 30 * DAY_S);
const text = (max: number) => z.string().max(max);

const Lap = z.object({
  startedAt: Instant,
  elapsedS: Seconds.nullable(),
  timerS: Seconds.nullable(),
  distanceM: range(0, 2_000_000).nullable(),
  avgHeartRateBpm: range(0, 260).nullable(),
  maxHeartRateBpm: range(0, 260).nullable(),
  avgCadenceSpm: range(0, 400).nullable(),
  avgPowerW: range(0, 5000).nullable(),
  ascentM: range(0, 20_000).nullable(),
});

/** A source of an activity as `sources` names it; a log of the app is `{provider: "athlete", externalId: <its id>}`. */
const Source = z.object({ provider: text(64), externalId: text(256), part: whole(0, 1_000).optional() });

export const activity: FieldTable = {
  // Time, distance and place
  startedAt: objective('movement', Instant, { abs: 5_000 }, 'Start, ISO 8601 UTC with milliseconds. Equal within 5 s.'),
  day: objective(
    'movement',
    Day,
    'exact',
    'Local date of the start. Typed for a log without a start time, else computed.',
  ),
  timeZone: objective(
    'movement',
    text(64).refine(isTimeZone),
    'exact',
    'IANA zone at the start: position, else device, phone, profile.',
  ),
  utcOffsetS: objective('movement', whole(-50_400, 54_000), 'exact', 'Offset of local time from UTC at the start, s.'),
  elapsedS: objective('movement', Seconds, { abs: 2 }, 'Stop minus start, s.'),
  timerS: objective('movement', Seconds, { abs: 2 }, 'Elapsed time without pauses, s.'),
  movingS: objective('movement', Seconds, { rel: 0.02 }, 'Time in motion, s, from the series by our own rule.', {
    athlete: 'none',
  }),
  distanceM: objective('movement', range(0, 2_000_000), { abs: 20, rel: 0.005 }, 'Distance, m.', {
    indoorTolerance: { rel: 0.01 },
    correctable: 'indoor',
  }),
  track: objective(
    'movement',
    text(20_000),
    'exact',
    'Simplified track, at most 200 points, as an encoded polyline (1e-5°).',
    {
      athlete: 'none',
    },
  ),
  laps: objective('movement', z.array(Lap).max(2_000), 'exact', 'Laps as the device cut them.', { athlete: 'none' }),
  maxSpeedMps: objective('movement', range(0, 100), { rel: 0.02 }, 'Fastest speed, m/s.', { athlete: 'none' }),
  avgSpeedMps: derived(range(0, 100), 'Distance over timer time, m/s.'),
  cropStartS: user(Seconds, 'Seconds cut off at the start by the athlete; the recording is kept.'),
  cropEndS: user(Seconds, 'Seconds cut off at the end by the athlete; the recording is kept.'),
  officialDistanceM: user(range(0, 2_000_000), 'Official race distance, m.'),
  officialTimeS: user(Seconds, 'Official (chip) time, s.'),
  gpsInvalid: user(z.boolean(), 'The athlete says the position was wrong: the typed distance wins.'),

  // Measured by sensors
  ascentM: objective('elevation', range(0, 30_000), { abs: 10, rel: 0.1 }, 'Metres climbed.'),
  descentM: objective('elevation', range(0, 30_000), { abs: 10, rel: 0.1 }, 'Metres descended.'),
  avgHeartRateBpm: objective('heartRate', range(0, 260), { abs: 1 }, 'Mean heart rate, bpm.'),
  maxHeartRateBpm: objective('heartRate', range(0, 260), { abs: 1 }, 'Highest heart rate, bpm.'),
  heartRateArtefact: objective(
    'heartRate',
    z.boolean(),
    'exact',
    'The sensor lost the pulse for a while (it followed the steps): the highest value leaves that out, the series keeps it.',
    { athlete: 'none' },
  ),
  heartRateInvalid: user(z.boolean(), 'The athlete says the heart rate is wrong: it is kept and counts for nothing.'),
  avgCadenceSpm: objective(
    'cadence',
    range(0, 400),
    { abs: 1 },
    'Mean cadence: steps of both feet, or revolutions, per minute.',
  ),
  maxCadenceSpm: objective('cadence', range(0, 400), { abs: 1 }, 'Highest cadence, per minute.'),
  avgPowerW: objective(
    'power',
    range(0, 5_000),
    { rel: 0.01 },
    'Mean power, W. Vendors are never mixed in one baseline.',
  ),
  maxPowerW: objective('power', range(0, 5_000), { rel: 0.01 }, 'Highest power, W.'),
  normalizedPowerW: objective('power', range(0, 5_000), { rel: 0.01 }, 'Normalised power as the device gives it, W.'),
  strideLengthM: objective('dynamics', range(0, 5), { rel: 0.02 }, 'Mean stride length, m.'),
  verticalOscillationMm: objective('dynamics', range(0, 500), { rel: 0.02 }, 'Mean vertical oscillation, mm.'),
  groundContactMs: objective('dynamics', range(0, 2_000), { rel: 0.02 }, 'Mean ground contact time, ms.'),
  avgTemperatureC: objective(
    'temperature',
    range(-60, 80),
    { abs: 1 },
    'Temperature at the watch, °C. Not the weather.',
  ),
  energyKcal: objective('energy', range(0, 50_000), { rel: 0.05 }, 'Energy of the activity, kcal.'),
  aerobicTrainingEffect: objective('vendor', range(0, 10), 'exact', 'As the vendor computes it; shown, never used.', {
    athlete: 'none',
  }),
  anaerobicTrainingEffect: objective('vendor', range(0, 10), 'exact', 'As the vendor computes it; shown, never used.', {
    athlete: 'none',
  }),
  vendorLoad: objective('vendor', range(0, 10_000), 'exact', 'Training load in the vendor’s unit; shown, never used.', {
    athlete: 'none',
  }),
  recoveryTimeS: objective(
    'vendor',
    range(0, 30 * DAY_S),
    'exact',
    'Recovery the vendor advises, s; shown, never used.',
    {
      athlete: 'none',
    },
  ),

  // What it was
  sport: corrected(
    z.enum(SPORTS),
    'Sport. The athlete’s correction wins; an aggregator’s copy never overrides a device.',
    {
      group: 'sport',
    },
  ),
  subSport: corrected(z.enum(SUB_SPORTS), 'Finer than the sport.', { group: 'sport' }),
  indoor: corrected(z.boolean(), 'Whether it was indoors.', { group: 'sport' }),
  race: user(z.boolean(), 'Whether it was a race.'),
  racePriority: user(z.enum(['A', 'B', 'C']), 'How much the race matters.'),
  title: user(text(200), 'Title. A provider’s own default title is never one.'),
  visibility: user(z.enum(['private', 'coach', 'public']), 'Who may see it.'),
  surface: user(z.enum(['road', 'trail', 'track', 'treadmill', 'mixed']), 'Ground it was run on.'),
  gearId: user(text(128), 'Shoes or bike: id of an object of kind gear.'),
  companions: user(text(500), 'Who came along.'),
  photos: user(z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(50), 'SHA-256 of photos.'),

  // How it felt
  rpe: subjective(range(0, 10), 'Rating of perceived exertion, CR-10. 0 counts as not given.', { zeroIsBlank: true }),
  feel: subjective(whole(1, 5), 'How it felt, 1 (very weak) to 5 (very strong).'),
  notes: subjective(text(MAX_TEXT_CHARS), 'The athlete’s words.', { keepsEarlier: true }),
  soreness: subjective(whole(1, 5), 'Soreness, 1–5.'),
  mood: subjective(whole(1, 5), 'Mood, 1–5.'),
  stress: subjective(whole(1, 5), 'Stress, 1–5.'),
  motivation: subjective(whole(1, 5), 'Motivation, 1–5.'),
  painLocation: subjective(text(64), 'Where it hurt. Never inferred.'),
  painSeverity: subjective(range(0, 10), 'How much it hurt, 0–10. Never inferred.'),
  illness: subjective(z.boolean(), 'Whether the athlete was ill.'),

  // Where it came from
  deviceName: objective('device', text(100), 'exact', 'Recording device.', { athlete: 'none' }),
  deviceFirmware: objective('device', text(40), 'exact', 'Its firmware.', { athlete: 'none' }),
  sources: identity(
    z.array(z.object({ provider: z.string(), externalId: z.string() })),
    'Every provider record this activity was made from.',
  ),
  groupKey: identity(z.string(), 'Shared by the sessions of one outing (triathlon legs).'),

  notSame: user(
    z.array(Source).max(20),
    'Sources that are not this activity, whatever they look like. They stay apart from what this id stood for first.',
  ),

  // Computed
  counted: derived(
    z.boolean(),
    'False while another activity already counts this time (a copy in question, or part of a whole).',
  ),
  partOf: derived(z.string(), 'Id of the activity that contains this one.'),
  channels: derived(z.array(z.string()), 'Channels that GET …/series serves.'),
  plannedWorkoutId: {
    ...derived(z.string(), 'Planned workout this fulfilled.'),
    correctable: 'always',
    athlete: 'override',
  },
  compliance: derived(z.enum(['green', 'amber', 'red']), 'How close to the plan it was.'),
  load: derived(z.number(), 'Training load by our own engine.'),
  effortScore: derived(z.number(), 'Effort adjusted for grade and weather, by an engine.'),
  gradeAdjustedSpeedMps: derived(z.number(), 'Speed on level ground that costs as much, m/s, by an engine.'),
  weather: derived(z.record(z.string(), z.number()), 'Weather at the place and time, by a weather service.'),
};
