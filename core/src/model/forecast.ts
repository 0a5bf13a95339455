/** Kind `forecast`: the weather of one local date at the athlete's place; its id is the date. */
import { z } from 'zod';
import { derived, type FieldTable, range } from './field.ts';

const Hour = z.object({
  at: z.iso.datetime(),
  temperatureC: z.number().nullable(),
  humidityPct: z.number().nullable(),
  dewPointC: z.number().nullable(),
  windMps: z.number().nullable(),
  precipitationMm: z.number().nullable(),
  airQualityIndex: z.number().nullable(),
});

export const forecast: FieldTable = {
  fetchedAt: derived(z.iso.datetime(), 'When it was fetched; the newest is shown.'),
  latitudeDeg: derived(range(-90, 90), 'Place, coarse.'),
  longitudeDeg: derived(range(-180, 180), 'Place, coarse.'),
  minTemperatureC: derived(range(-90, 70), 'Lowest temperature, °C.'),
  maxTemperatureC: derived(range(-90, 70), 'Highest temperature, °C.'),
  hours: derived(z.array(Hour).max(25), 'Hour by hour, UTC.'),
  attribution: derived(z.string().max(200), 'Whom to name beside it.'),
};
