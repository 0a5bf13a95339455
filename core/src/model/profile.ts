/** Kind `profile`: one per athlete, id `profile`. Who they are and what their body can do. */
import { z } from 'zod';
import { isTimeZone } from '../series/time-zone.ts';
import { corrected, type FieldTable, objective, range, setting, user, whole } from './field.ts';

const HeartRateZone = z.object({ fromBpm: whole(20, 260), toBpm: whole(20, 260) });

export const profile: FieldTable = {
  timeZone: setting(
    z.string().max(64).refine(isTimeZone, 'expected an IANA time zone this hub knows'),
    'IANA zone the athlete lives in. The phone writes it when its own zone changes.',
  ),
  name: user(z.string().max(100), 'What the athlete wants to be called.'),
  heightCm: user(range(50, 260), 'Height, cm. A provider fills it where the athlete left it blank.'),
  birthDate: user(z.iso.date(), 'Date of birth.'),
  sex: user(z.enum(['female', 'male', 'other']), 'Sex, as the formulas of energy and heart rate ask for it.'),
  maxHeartRateBpm: corrected(range(80, 260), 'Highest heart rate, bpm: typed or from a lab, else as detected.', {
    tolerance: { abs: 1 },
  }),
  thresholdHeartRateBpm: corrected(range(60, 250), 'Heart rate at the lactate threshold, bpm.', {
    tolerance: { abs: 1 },
  }),
  thresholdSpeedMps: corrected(range(0.5, 10), 'Speed at the lactate threshold, m/s.', { tolerance: { rel: 0.01 } }),
  restingHeartRateBpm: corrected(range(20, 150), 'Heart rate at rest, bpm, where no day says it.', {
    tolerance: { abs: 1 },
  }),
  heartRateZones: corrected(z.array(HeartRateZone).max(10), 'Heart rate zones: typed, else the device’s.'),
  vo2Max: objective(
    'vo2Max',
    range(10, 100),
    { abs: 0.1 },
    'As the vendor estimates it, mL/kg/min; shown, never used.',
    {
      athlete: 'none',
    },
  ),
};
