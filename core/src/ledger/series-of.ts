/** Which claim's series serves which channel: channels follow the winner of their group. */
import type { Channel } from '../formats/decoded.ts';
import type { Claim } from './claim.ts';
import type { Resolved } from './resolve.ts';

const CHANNEL_GROUP: { readonly [C in Exclude<Channel, 'timeS'>]: string } = {
  latitudeDeg: 'movement',
  longitudeDeg: 'movement',
  distanceM: 'movement',
  speedMps: 'movement',
  altitudeM: 'elevation',
  heartRateBpm: 'heartRate',
  cadenceSpm: 'cadence',
  powerW: 'power',
  temperatureC: 'temperature',
};

/**
 * Claim that serves each channel. A group nobody states as a field (altitude without ascent, temperature) falls to
 * the winner of the movement group.
 */
export function channelClaims(resolved: Resolved): Map<Channel, Claim> {
  const serving = new Map<Channel, Claim>();
  for (const [channel, group] of Object.entries(CHANNEL_GROUP) as [Channel, string][]) {
    const winner = resolved.winners.get(group) ?? resolved.winners.get('movement');
    const claim =
      winner?.claims.find((candidate) => candidate.series?.channels.includes(channel)) ??
      resolved.winners.get('movement')?.claims.find((candidate) => candidate.series?.channels.includes(channel));
    if (claim !== undefined) serving.set(channel, claim);
  }
  return serving;
}
