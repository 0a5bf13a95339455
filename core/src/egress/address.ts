/**
 * Which IP addresses the hub may connect to: those of the public internet, and nothing else.
 *
 * IPv6 is an allow list (global unicast less its special blocks), because new special ranges keep being assigned
 * outside of it. Forms that carry an IPv4 address inside are refused or judged by what they carry, so no spelling of
 * a private address gets through.
 */
import { isIP } from 'node:net';

const SPECIAL_V4: readonly (readonly [address: string, prefix: number, name: string])[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'], // the metadata services of cloud providers live here
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

/**
 * Why an address must not be connected to; null when it is public.
 *
 * @param address as DNS or a URL gives it: dotted IPv4 or IPv6 text without brackets.
 */
export function addressProblem(address: string): string | null {
  switch (isIP(address)) {
    case 4:
      return problemV4(numberV4(address));
    case 6:
      return address.includes('%') ? 'link-local' : problemV6(groupsV6(address));
    default:
      return 'not an IP address';
  }
}

/** Whether the address is this machine itself, in its plain spellings. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function problemV4(address: number): string | null {
  const hit = SPECIAL_V4.find(([base, prefix]) => address >>> (32 - prefix) === numberV4(base) >>> (32 - prefix));
  return hit?.[2] ?? null;
}

function problemV6(groups: number[]): string | null {
  const [first = 0, second = 0] = groups;
  const embedded = (groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0);
  if (first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) {
    return problemV4(embedded); // NAT64: connects to the IPv4 address inside
  }
  if (groups.slice(0, 5).every((group) => group === 0)) {
    if (groups[5] === 0xffff) return 'IPv4-mapped';
    if (groups[5] === 0 && embedded === 0) return 'unspecified';
    if (groups[5] === 0 && embedded === 1) return 'loopback';
  }
  if (first >>> 6 === 0xfe80 >>> 6) return 'link-local';
  if (first >>> 9 === 0xfc00 >>> 9) return 'unique local';
  if (first >>> 8 === 0xff) return 'multicast';
  if (first >>> 13 !== 1) return 'not global unicast';
  if (first === 0x2001 && second < 0x200) return 'reserved'; // protocol assignments, Teredo among them
  if (first === 0x2001 && second === 0xdb8) return 'reserved';
  if (first === 0x2002) return '6to4'; // carries any IPv4 address inside
  if (first === 0x3fff && second >>> 12 === 0) return 'reserved';
  return null;
}

function numberV4(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The eight groups of a valid IPv6 address. */
function groupsV6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const embedded = numberV4(group);
    return [embedded >>> 16, embedded & 0xffff];
  });
}
