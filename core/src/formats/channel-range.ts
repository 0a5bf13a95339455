import type { Channel } from './decoded.ts';

/** A channel of a series, the time apart. */
export type MeasuredChannel = Exclude<Channel, 'timeS'>;

/** What devices can measure. 0 is a value: a strap that lost contact writes it. */
export const CHANNEL_RANGES: { readonly [C in MeasuredChannel]: readonly [number, number] } = {
  latitudeDeg: [-90, 90],
  longitudeDeg: [-180, 180],
  distanceM: [0, 2_000_000],
  altitudeM: [-1_000, 12_000],
  heartRateBpm: [0, 260],
  cadenceSpm: [0, 254],
  powerW: [0, 5_000],
  speedMps: [0, 100],
  temperatureC: [-60, 80],
};
