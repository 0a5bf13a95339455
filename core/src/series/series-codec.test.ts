import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../error/hub-error.ts';
import { CHANNELS, type Channel, type SeriesColumns } from '../formats/decoded.ts';
import { CHANNEL_FORMS, formOf } from './channel-form.ts';
import { itForEveryRecording } from './recordings.test-support.ts';
import { decodeSeries, encodeSeries } from './series-codec.ts';
import { MAX_POINTS, seriesHead, writeSeriesHead } from './series-head.ts';

const GAP = Number.NaN;

/** A run of `points` seconds along a winding road, with a heart rate that drops out. */
function run(points: number): SeriesColumns {
  const column = (value: (i: number) => number) => Float64Array.from({ length: points }, (_, i) => value(i));
  return {
    timeS: column((i) => i),
    latitudeDeg: column((i) => 52.5 + 1e-5 * i + 1e-5 * Math.sin(i / 20)),
    longitudeDeg: column((i) => 13.4 + 2e-5 * Math.sin(i / 50)),
    distanceM: column((i) => 2.8 * i + Math.sin(i / 10)),
    heartRateBpm: column((i) => (i % 100 < 7 ? GAP : Math.round(140 + 10 * Math.sin(i / 60)))),
  };
}

/** Where the first value lies that is off by more than half a step, or is a gap on one side only; null when none. */
function firstOff(column: Float64Array, decoded: Float64Array | undefined, stepsPerUnit: number): number | null {
  const allowed = 0.5 / stepsPerUnit + 1e-9;
  for (let i = 0; i < column.length; i++) {
    const [before, after] = [column[i]!, decoded?.[i] ?? GAP];
    if (Number.isNaN(before) ? !Number.isNaN(after) : !(Math.abs(before - after) <= allowed)) return i;
  }
  return null;
}

function expectKept(columns: SeriesColumns, decoded: SeriesColumns): void {
  for (const channel of CHANNELS) {
    const column = columns[channel];
    if (column === undefined) continue;
    expect({ channel, off: firstOff(column, decoded[channel], formOf(channel, column).stepsPerUnit) }).toEqual({
      channel,
      off: null,
    });
  }
}

/** Columns of one length with values a channel can have, and gaps. */
function anyColumns(): fc.Arbitrary<SeriesColumns> {
  const values = (channel: Channel, points: number) => {
    const most = channel === 'timeS' ? 1e6 : channel.endsWith('Deg') ? 180 : 30_000;
    const value = fc.oneof({ weight: 6, arbitrary: fc.double({ min: -most, max: most, noNaN: true }) }, fc.constant(0));
    const orGap = channel === 'timeS' ? value : fc.oneof({ weight: 4, arbitrary: value }, fc.constant(GAP));
    return fc.array(orGap, { minLength: points, maxLength: points }).map((list) => Float64Array.from(list));
  };
  return fc
    .record({ points: fc.nat(20), channels: fc.subarray(CHANNELS.slice(1)) })
    .chain(({ points, channels }) =>
      fc
        .tuple(
          ...(['timeS', ...channels] as const).map((channel) => values(channel, points).map((list) => [channel, list])),
        )
        .map((entries) => Object.fromEntries(entries) as unknown as SeriesColumns),
    );
}

describe('a series that is stored and read again', () => {
  it('keeps every value within half a step and every gap', () => {
    const columns = run(3_600);
    expectKept(columns, decodeSeries(encodeSeries(columns).bytes));
  });

  it('does so for any columns', () => {
    fc.assert(
      fc.property(anyColumns(), (columns) => {
        expectKept(columns, decodeSeries(encodeSeries(columns).bytes));
      }),
      { numRuns: 100 },
    );
  });

  itForEveryRecording('does so for a real recording', ({ sessions }) => {
    for (const { columns } of sessions) expectKept(columns, decodeSeries(encodeSeries(columns).bytes));
  });

  it('gives decimals as people write them, without the dust of binary fractions', () => {
    const columns = { timeS: Float64Array.of(0, 1), altitudeM: Float64Array.of(0.61, 0.2 * 3) };
    expect(decodeSeries(encodeSeries(columns).bytes).altitudeM).toEqual(Float64Array.of(0.6, 0.6));
  });

  it('gives the same bytes once it was rounded', () => {
    const { bytes } = encodeSeries(run(500));
    expect(encodeSeries(decodeSeries(bytes)).bytes).toEqual(bytes);
  });

  it('gives the same bytes whatever the order the channels come in', () => {
    const { heartRateBpm, distanceM, timeS, ...place } = run(500);
    const turned = { heartRateBpm: heartRateBpm!, ...place, distanceM: distanceM!, timeS };
    expect(encodeSeries(turned).bytes).toEqual(encodeSeries(run(500)).bytes);
  });

  it('takes a quarter of the bytes that compressed JSON takes', () => {
    const columns = run(3_600);
    const lists = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));
    expect(encodeSeries(columns).bytes.length * 4).toBeLessThan(gzipSync(JSON.stringify(lists)).length);
  });

  it('may have no points at all', () => {
    const encoded = encodeSeries({ timeS: new Float64Array(0) });
    expect(encoded).toMatchObject({ channels: ['timeS'], points: 0 });
    expect(decodeSeries(encoded.bytes)).toEqual({ timeS: new Float64Array(0) });
  });

  it('has no channel that nothing was measured for', () => {
    const columns = {
      timeS: Float64Array.of(0, 1),
      powerW: Float64Array.of(GAP, GAP),
      cadenceSpm: Float64Array.of(GAP, 0),
    };
    expect(encodeSeries(columns).channels).toEqual(['timeS', 'cadenceSpm']);
  });

  it('has a gap where a value is infinite or beyond anything measurable', () => {
    const distanceM = Float64Array.of(1, Number.POSITIVE_INFINITY, 1e300, -1e12, 2);
    const columns = { timeS: Float64Array.of(0, 1, 2, 3, 4), distanceM };
    expect(decodeSeries(encodeSeries(columns).bytes).distanceM).toEqual(Float64Array.of(1, GAP, GAP, GAP, 2));
  });
});

describe('the step of a column', () => {
  it('is written in the head: whole seconds where all times are, milliseconds else', () => {
    const stepsOf = (...timeS: number[]) =>
      seriesHead(encodeSeries({ timeS: Float64Array.from(timeS) }).bytes).channels;
    expect(stepsOf(0, 1, 5)).toMatchObject([{ name: 'timeS', stepsPerUnit: 1 }]);
    expect(stepsOf(0, 0.5, 1)).toMatchObject([{ name: 'timeS', stepsPerUnit: 1_000 }]);
  });

  it('is taken from the head when it is read, not from today’s table', () => {
    const half = {
      name: 'heartRateBpm',
      stepsPerUnit: 2,
      order: 1,
      packing: 'none',
      columnBytes: 2,
      storedBytes: 2,
    } as const;
    const time = { name: 'timeS', stepsPerUnit: 1, order: 2, packing: 'none', columnBytes: 2, storedBytes: 2 } as const;
    const bytes = Buffer.concat([writeSeriesHead(1, [time, half]), Buffer.of(1, 0), Buffer.of(1, 122)]);
    expect(CHANNEL_FORMS.heartRateBpm.stepsPerUnit).toBe(1);
    expect(decodeSeries(bytes).heartRateBpm).toEqual(Float64Array.of(30.5));
  });
});

describe('reading some channels of a series', () => {
  it('gives those and the times, and no other', () => {
    const decoded = decodeSeries(encodeSeries(run(100)).bytes, ['heartRateBpm']);
    expect(Object.keys(decoded)).toEqual(['timeS', 'heartRateBpm']);
    expect(decoded.heartRateBpm).toEqual(run(100).heartRateBpm);
  });

  it('leaves out what the series does not have', () => {
    expect(Object.keys(decodeSeries(encodeSeries(run(100)).bytes, ['powerW']))).toEqual(['timeS']);
  });

  it('does not touch the bytes of the others', () => {
    const { bytes } = encodeSeries(run(1_000));
    const place = seriesHead(bytes).channels.find(({ name }) => name === 'latitudeDeg')!;
    bytes.fill(0xff, place.offset, place.offset + place.storedBytes);
    expect(decodeSeries(bytes, ['heartRateBpm']).heartRateBpm).toEqual(run(1_000).heartRateBpm);
    expect(() => decodeSeries(bytes)).toThrow(HubError);
  });

  it('passes over a channel that a later version added', () => {
    const time = { name: 'timeS', stepsPerUnit: 1, order: 2, packing: 'none', columnBytes: 2, storedBytes: 2 } as const;
    const later = { ...time, name: 'glucoseMmolL' };
    const bytes = Buffer.concat([writeSeriesHead(1, [time, later]), Buffer.of(1, 0), Buffer.of(9, 9)]);
    expect(decodeSeries(bytes)).toEqual({ timeS: Float64Array.of(0) });
  });
});

describe('the head of a series', () => {
  it('says how many points there are and where each channel lies, without the columns', () => {
    const encoded = encodeSeries(run(200));
    const head = seriesHead(encoded.bytes);
    expect(head.points).toBe(200);
    expect(head.channels.map(({ name }) => name)).toEqual(encoded.channels);
    expect(seriesHead(encoded.bytes.subarray(0, head.channels[0]!.offset))).toEqual(head);
  });
});

describe('what cannot be stored', () => {
  it('is refused when a column has another length than the times', () => {
    const columns = { timeS: Float64Array.of(0, 1), powerW: Float64Array.of(200) };
    expect(() => encodeSeries(columns)).toThrow(new RangeError('powerW has 1 points, timeS 2.'));
  });

  it('is refused when a point has no time', () => {
    expect(() => encodeSeries({ timeS: Float64Array.of(0, GAP) })).toThrow(RangeError);
  });

  it('is refused beyond the most points a series may have', () => {
    expect(() => encodeSeries({ timeS: new Float64Array(MAX_POINTS + 1) })).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    );
  });
});

describe('damaged or hostile bytes', () => {
  const time = { name: 'timeS', stepsPerUnit: 1, order: 2, packing: 'none', columnBytes: 2, storedBytes: 2 } as const;
  const withTime = (points: number, ...column: number[]) =>
    Buffer.concat([
      writeSeriesHead(points, [{ ...time, columnBytes: column.length, storedBytes: column.length }]),
      Buffer.from(column),
    ]);
  const packed = (zeros: number, columnBytes: number) => {
    const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    const stored = brotliCompressSync(new Uint8Array(zeros), fast);
    const channel = { ...time, packing: 'brotli', columnBytes, storedBytes: stored.length } as const;
    return Buffer.concat([writeSeriesHead(1_000, [channel]), stored]);
  };

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'does not begin as a series does'],
    ['another file', Buffer.from('{"timeS":[0,1,2]}'), 'does not begin as a series does'],
    ['a newer version of the format', Uint8Array.of(0x43, 0x48, 0x53, 2, 0, 0), 'has version 2'],
    ['a head that ends early', Uint8Array.of(0x43, 0x48, 0x53, 1, 5), 'ends in the middle'],
    ['too many points', writeSeriesHead(MAX_POINTS + 1, []), 'more than 500000 points'],
    ['a channel twice', Buffer.concat([writeSeriesHead(1, [time, time]), Buffer.of(1, 0, 1, 0)]), 'twice'],
    ['no times', writeSeriesHead(0, []), 'has no times'],
    ['a point without a time', withTime(2, 1, 1, 0), 'no time'],
    ['bytes after the last column', Buffer.concat([withTime(1, 1, 0), Buffer.of(0)]), 'another length'],
    ['bytes after the last value', withTime(1, 1, 0, 0), 'left over'],
    ['fewer values than points', withTime(3, 3, 2, 2), 'ends in the middle'],
    [
      'a value that grows out of bounds',
      withTime(9, 9, ...Array(9).fill([255, 255, 255, 255, 255, 255, 126]).flat()),
      'larger',
    ],
    ['a bomb: a channel that unpacks to more than it says', packed(5_000_000, 1_000), 'does not unpack'],
    ['a channel that unpacks to less than it says', packed(10, 1_000), 'another length than its head'],
    ['a channel that claims more than its points can need', packed(10, 9_000), 'more bytes than it can have'],
  ])('are refused: %s', (_, bytes, why) => {
    expect(() => decodeSeries(bytes)).toThrow(
      expect.objectContaining({ code: 'file_unreadable', why: expect.stringContaining(why) }),
    );
  });

  it('are refused or read, and nothing else happens, wherever a series is cut or changed', () => {
    const { bytes } = encodeSeries(run(60));
    const position = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(position, fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const damaged = bytes.slice(0, cut ? at : bytes.length);
        if (!cut) damaged[at] = byte;
        try {
          expect(decodeSeries(damaged).timeS.length).toBeLessThanOrEqual(MAX_POINTS);
        } catch (error) {
          expect(error).toMatchObject({ code: 'file_unreadable' });
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
