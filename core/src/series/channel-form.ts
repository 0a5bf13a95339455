import type { Channel } from '../formats/decoded.ts';
import type { ColumnForm } from './column.ts';

/**
 * How each channel is written from now on: about as fine as devices measure, no finer. What is stored carries its own
 * form in its head, so a change here leaves every older series readable.
 */
export const CHANNEL_FORMS: { readonly [C in Channel]: ColumnForm } = {
  timeS: { stepsPerUnit: 1, order: 2 }, // whole seconds, as nearly all devices record; see `formOf`
  latitudeDeg: { stepsPerUnit: 1_000_000, order: 2 }, // 0.11 m
  longitudeDeg: { stepsPerUnit: 1_000_000, order: 2 },
  distanceM: { stepsPerUnit: 100, order: 2 },
  altitudeM: { stepsPerUnit: 5, order: 1 },
  heartRateBpm: { stepsPerUnit: 1, order: 1 },
  cadenceSpm: { stepsPerUnit: 1, order: 1 },
  powerW: { stepsPerUnit: 1, order: 1 },
  speedMps: { stepsPerUnit: 1_000, order: 1 },
  temperatureC: { stepsPerUnit: 1, order: 1 },
};

const MILLISECONDS: ColumnForm = { stepsPerUnit: 1_000, order: 2 };

/** The form a column is written in. Times that are not all whole seconds keep their milliseconds. */
export function formOf(channel: Channel, column: Float64Array): ColumnForm {
  return channel === 'timeS' && !isWhole(column) ? MILLISECONDS : CHANNEL_FORMS[channel];
}

/** A loop, because `every` is ten times as slow and this sees every point. */
function isWhole(column: Float64Array): boolean {
  for (let i = 0; i < column.length; i++) if (column[i] !== Math.floor(column[i]!)) return false;
  return true;
}
