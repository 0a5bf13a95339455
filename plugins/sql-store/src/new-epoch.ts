import { randomId } from './random-id.ts';

const EPOCH_CHARS = 10;

/** A server's epoch: part of every cursor, so that phones notice a hub that is not the one they knew. */
export function newEpoch(random: () => number): string {
  return `ep${randomId(random, EPOCH_CHARS)}`;
}
