/** Damaged copies of a FIT file: what disks, cables, radio links and people who mean harm make of one. */
import { definitionsOf } from './fit-walk.mjs';

const MOST_DAMAGES = 3;
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** Each takes a file and gives a damaged one; the bytes it was given stay as they are. */
const DAMAGES = {
  bits(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let left = random.between(1, 8); left > 0; left--) copy[placeIn(copy, random)] ^= 1 << random.between(0, 7);
    return copy;
  },
  overwritten(bytes, random) {
    const copy = Buffer.from(bytes);
    const at = placeIn(copy, random);
    const filler = random.pick([() => 0, () => 0xff, () => random.between(0, 255)]);
    for (let i = at; i < Math.min(copy.length, at + random.between(1, 64)); i++) copy[i] = filler();
    return copy;
  },
  cut: (bytes, random) => bytes.subarray(0, placeIn(bytes, random)),
  missing(bytes, random) {
    const at = placeIn(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.between(1, 512))]);
  },
  repeated(bytes, random) {
    const at = placeIn(bytes, random);
    const end = at + random.between(1, 4_096);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
  inserted(bytes, random) {
    const at = placeIn(bytes, random);
    const noise = Buffer.from(Array.from({ length: random.between(1, 256) }, () => random.between(0, 255)));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  sized(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length >= 8)
      copy.writeUInt32LE(random.pick([...EXTREMES, copy.length, random.between(0, copy.length)]), 4);
    return copy;
  },
  defined(bytes, random) {
    const copy = Buffer.from(bytes);
    const all = definitionsOf(copy);
    if (all.length === 0) return copy;
    const { at, fields } = random.pick(all);
    const field = at + 6 + 3 * random.between(0, Math.max(0, fields - 1));
    const target = random.pick([at, at + 2, at + 3, at + 5, field, field + 1, field + 2]);
    if (target < copy.length) copy[target] = random.pick([...EXTREMES.slice(0, 5), random.between(0, 255)]);
    return copy;
  },
  chained: (bytes) => Buffer.concat([bytes, bytes]),
};

function placeIn(bytes, random) {
  return bytes.length === 0 ? 0 : random.between(0, bytes.length - 1);
}

/** @returns the damaged copy, and the names of what was done to it. Half of them have their checksums mended. */
export function mutantOf(bytes, random) {
  let mutant = bytes;
  const damages = [];
  for (let left = random.between(1, MOST_DAMAGES); left > 0; left--) {
    const name = random.pick(Object.keys(DAMAGES));
    mutant = DAMAGES[name](mutant, random);
    damages.push(name);
  }
  if (random.chance(0.5)) {
    mutant = withChecksums(mutant);
    damages.push('checksums mended');
  }
  return { bytes: mutant, damages };
}

/** The same file with checksums that fit, so that a reader does not stop at the door. */
function withChecksums(bytes) {
  const copy = Buffer.from(bytes);
  const headerBytes = copy[0];
  if (copy.length < 16 || (headerBytes !== 12 && headerBytes !== 14)) return copy;
  if (headerBytes === 14) copy.writeUInt16LE(crcOf(copy.subarray(0, 12)), 12);
  copy.writeUInt16LE(crcOf(copy.subarray(0, -2)), copy.length - 2);
  return copy;
}

const NIBBLES = [
  0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01,
  0x8801, 0x4400,
];

/** The checksum of the FIT protocol, half a byte at a time. */
function crcOf(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc = (crc >>> 4) ^ NIBBLES[crc & 15] ^ NIBBLES[byte & 15];
    crc = (crc >>> 4) ^ NIBBLES[crc & 15] ^ NIBBLES[byte >>> 4];
  }
  return crc;
}
