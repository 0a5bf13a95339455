/** What an element within a `Trackpoint` says. */
import type { MeasuredChannel } from '../channel-range.ts';
import type { Clock } from '../track/clock.ts';
import type { TrackPoints } from '../track/track-points.ts';

const CHANNEL_OF: { readonly [name: string]: MeasuredChannel } = {
  LatitudeDegrees: 'latitudeDeg',
  LongitudeDegrees: 'longitudeDeg',
  AltitudeMeters: 'altitudeM',
  DistanceMeters: 'distanceM',
  Cadence: 'cadenceSpm',
  RunCadence: 'cadenceSpm',
  Speed: 'speedMps',
  Watts: 'powerW',
};

export function readPointValue(
  points: TrackPoints,
  clock: Clock,
  name: string,
  text: string,
  parent: string | null,
): void {
  if (name === 'Time') {
    const epochMs = clock.read(text);
    if (epochMs !== null) points.at(epochMs);
  } else if (name === 'Value' && parent === 'HeartRateBpm') points.set('heartRateBpm', text);
  else if (Object.hasOwn(CHANNEL_OF, name)) points.set(CHANNEL_OF[name]!, text);
}
