import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

const LOOPBACK = /^(?:127\.|::1$)/;
/** IPv4 in the clothes of IPv6, as a socket for both tells it. */
const MAPPED = /^::ffff:(?=\d+\.)/i;
/** Groups of an IPv6 address that are one customer's: he has all addresses behind them. */
const NETWORK_GROUPS = 4;

/**
 * Whose requests are counted together, or null where that cannot be told: requests of this machine itself may come from
 * a proxy that stands for everybody. An IPv6 client is its network of 64 bits.
 *
 * @param trustProxy whether the last address of X-Forwarded-For, the one our own proxy has put there, is believed.
 */
export function clientAddress(c: Context<HubEnv>, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  const address = (forwarded || c.env?.incoming?.socket.remoteAddress)?.replace(MAPPED, '');
  if (address === undefined || LOOPBACK.test(address)) return null;
  return isIPv6(address) ? network(address) : address;
}

function network(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? [] : tail.split(':');
    while (groups.length + behind.length < 8) groups.push('0');
    groups.push(...behind);
  }
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
