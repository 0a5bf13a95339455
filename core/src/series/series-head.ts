/**
 * The head of a stored series: how many points it has and, per channel, what is needed to read that channel alone.
 *
 * Layout, numbers as varints: the magic `CHS` and a version byte; points; channels; then per channel the length of its
 * name, the name in ASCII, steps per unit, order of differences, packing (0 as it is, 1 brotli), its length before
 * packing and as stored. The columns follow in the same order, with nothing between or after them.
 */
import { type ColumnForm, columnBytesAtMost } from './column.ts';
import { unreadableSeries } from './unreadable-series.ts';
import { MAX_VARINT_BYTES, VarintReader, writeVarint } from './varint.ts';

/** Points a series may have: 138 hours at one a second. */
export const MAX_POINTS = 500_000;

const MAGIC = [0x43, 0x48, 0x53]; // "CHS"
const VERSION = 1;
/** More than will ever be written; a head that claims more is damaged. */
const MAX_CHANNELS = 64;
const MAX_NAME_BYTES = 32;
const PACKINGS = ['none', 'brotli'] as const;
const NUMBERS_PER_CHANNEL = 6;

export type Packing = (typeof PACKINGS)[number];

/** Where and how one channel is stored. */
export interface StoredChannel extends ColumnForm {
  name: string;
  packing: Packing;
  /** Bytes of the column before packing. */
  columnBytes: number;
  /** Bytes as stored. */
  storedBytes: number;
  /** Where they start, counted from the first byte of the series. */
  offset: number;
}

export interface SeriesHead {
  points: number;
  channels: StoredChannel[];
  /** Bytes the whole series has. */
  totalBytes: number;
}

/** The bytes of a head. */
export function writeSeriesHead(points: number, channels: readonly Omit<StoredChannel, 'offset'>[]): Uint8Array {
  const perChannel = MAX_NAME_BYTES + NUMBERS_PER_CHANNEL * MAX_VARINT_BYTES;
  const bytes = new Uint8Array(MAGIC.length + 1 + 2 * MAX_VARINT_BYTES + channels.length * perChannel);
  bytes.set([...MAGIC, VERSION]);
  let at = writeVarint(bytes, MAGIC.length + 1, points);
  at = writeVarint(bytes, at, channels.length);
  for (const channel of channels) {
    at = writeVarint(bytes, at, channel.name.length);
    for (let i = 0; i < channel.name.length; i++) bytes[at++] = channel.name.charCodeAt(i);
    at = writeVarint(bytes, at, channel.stepsPerUnit);
    at = writeVarint(bytes, at, channel.order);
    at = writeVarint(bytes, at, PACKINGS.indexOf(channel.packing));
    at = writeVarint(bytes, at, channel.columnBytes);
    at = writeVarint(bytes, at, channel.storedBytes);
  }
  return bytes.subarray(0, at);
}

/**
 * Reads the head alone; the columns need not be there.
 *
 * @throws HubError `file_unreadable` when it is no head, of a newer version, or claims what no series has.
 */
export function seriesHead(bytes: Uint8Array): SeriesHead {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw unreadableSeries('It does not begin as a series does.');
  const version = bytes[MAGIC.length];
  if (version !== VERSION) throw unreadableSeries(`Its format has version ${version}; this hub reads ${VERSION}.`);
  const reader = new VarintReader(bytes, MAGIC.length + 1);
  const points = reader.read();
  if (points > MAX_POINTS) throw unreadableSeries(`It claims more than ${MAX_POINTS} points.`);
  const count = reader.read();
  if (count > MAX_CHANNELS) throw unreadableSeries(`It claims more than ${MAX_CHANNELS} channels.`);
  const channels = Array.from({ length: count }, () => readChannel(bytes, reader, points));
  if (new Set(channels.map(({ name }) => name)).size < count) throw unreadableSeries('A channel is there twice.');
  let totalBytes = reader.at;
  for (const channel of channels) {
    channel.offset = totalBytes;
    totalBytes += channel.storedBytes;
  }
  return { points, channels, totalBytes };
}

function readChannel(bytes: Uint8Array, reader: VarintReader, points: number): StoredChannel {
  const nameBytes = reader.read();
  if (nameBytes > MAX_NAME_BYTES) throw unreadableSeries('The name of a channel is too long.');
  const name = String.fromCharCode(...bytes.subarray(reader.at, reader.at + nameBytes));
  reader.at += nameBytes;
  const stepsPerUnit = reader.read();
  const order = reader.read();
  const packing = PACKINGS[reader.read()];
  const columnBytes = reader.read();
  const storedBytes = reader.read();
  if (stepsPerUnit === 0) throw unreadableSeries('The step of a channel is not a number.');
  if (order !== 1 && order !== 2) throw unreadableSeries('The differences of a channel are of an unknown order.');
  if (packing === undefined) throw unreadableSeries('A channel is packed in an unknown way.');
  if (columnBytes > columnBytesAtMost(points) || storedBytes > columnBytes) {
    throw unreadableSeries('A channel claims more bytes than it can have.');
  }
  return { name, stepsPerUnit, order, packing, columnBytes, storedBytes, offset: 0 };
}
