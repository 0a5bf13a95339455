import { describe, expect, it } from 'vitest';
import {
  chain,
  definition,
  describeDeveloperFields,
  f32,
  fitBytes,
  fitFile,
  T0,
  text,
  u16,
  u32,
} from './fit-file.test-support.ts';
import { FIT_LIMITS } from './fit-limits.ts';
import type { FitMessages } from './fit-messages.ts';
import { readFit } from './read-fit.ts';

const UINT8 = 2;
const UINT16 = 0x84;
const UINT32 = 0x86;
const FLOAT32 = 0x88;
const BYTE = 0x0d;

const NAN = Number.NaN;

/** Definition of a record with a time and a heart rate. */
const TIME_AND_HEART_RATE = definition({
  global: 20,
  fields: [
    [253, 4, UINT32],
    [3, 1, UINT8],
  ],
});
const record = (second: number, heartRate: number): number[] => [0, ...u32(T0 + second), heartRate];

/** The columns as plain arrays. */
function columnsOf({ records }: FitMessages): Record<string, number[]> {
  return Object.fromEntries(Object.entries(records.columns).map(([name, values]) => [name, [...values]]));
}

describe('a file written by an independent encoder', () => {
  const messages = readFit(
    fitFile(
      ['file_id', { type: 4, manufacturer: 1, product: 4_315, serial_number: 77 }],
      ['record', { timestamp: T0, position_lat: 47.5, position_long: -8.25, altitude: 512.4, heart_rate: 131 }],
      ['record', { timestamp: T0 + 1, distance: 3.21, enhanced_speed: 3.215, enhanced_altitude: 512.6, cadence: 82 }],
      ['record', { timestamp: T0 + 2, power: 251, temperature: -4, fractional_cadence: 0.5, speed: 2.5 }],
      ['session', { start_time: T0, sport: 1, total_elapsed_time: 2.5, total_distance: 6.42, avg_heart_rate: 131 }],
    ),
  );

  it('is read in the units of the profile, absent where a record does not say', () => {
    expect(messages.parts).toMatchObject([{ headerSize: 14, crc: 'ok', cut: false, stop: null }]);
    expect([...messages.records.timestamp]).toEqual([T0, T0 + 1, T0 + 2]);
    const { position_lat, position_long, ...others } = columnsOf(messages);
    expect(position_lat![0]).toBeCloseTo(47.5, 6);
    expect(position_long![0]).toBeCloseTo(-8.25, 6);
    expect(others).toEqual({
      altitude: [512.4, NAN, NAN],
      heart_rate: [131, NAN, NAN],
      distance: [NAN, 3.21, NAN],
      enhanced_speed: [NAN, 3.215, NAN],
      enhanced_altitude: [NAN, 512.6, NAN],
      cadence: [NAN, 82, NAN],
      power: [NAN, NAN, 251],
      temperature: [NAN, NAN, -4],
      fractional_cadence: [NAN, NAN, 0.5],
      speed: [NAN, NAN, 2.5],
    });
  });

  it('has its other messages as objects that state only what the file states', () => {
    expect(messages.fileIds).toEqual([{ type: 4, manufacturer: 1, product: 4_315, serial_number: 77 }]);
    expect(messages.sessions).toEqual([
      { start_time: T0, sport: 1, total_elapsed_time: 2.5, total_distance: 6.42, avg_heart_rate: 131 },
    ]);
  });

  it('is read from the middle of a larger buffer as well', () => {
    const file = fitFile(['record', { timestamp: T0, heart_rate: 131 }]);
    const buffer = Buffer.concat([Buffer.alloc(5), file]);
    expect(columnsOf(readFit(buffer.subarray(5)))).toEqual({ heart_rate: [131] });
  });
});

describe('several files in one download', () => {
  const first = fitFile(['file_id', { type: 4 }], ['record', { timestamp: T0, heart_rate: 120 }]);
  const second = fitFile(['file_id', { type: 4 }], ['record', { timestamp: T0 + 1, heart_rate: 121 }]);

  it('are read one after the other', () => {
    const { parts, records } = readFit(chain(first, second));
    expect(parts.map(({ start, crc }) => ({ start, crc }))).toEqual([
      { start: 0, crc: 'ok' },
      { start: first.length, crc: 'ok' },
    ]);
    expect([...records.timestamp]).toEqual([T0, T0 + 1]);
  });

  it('do not need each other: a damaged first one leaves the second whole', () => {
    const damaged = new Uint8Array(first);
    damaged[14] = 0x05; // a data message that nothing defines
    const { parts, records } = readFit(chain(damaged, second));
    expect(parts.map(({ crc, stop }) => [crc, stop?.reason ?? null])).toEqual([
      ['wrong', 'undefined_message'],
      ['ok', null],
    ]);
    expect([...records.timestamp]).toEqual([T0 + 1]);
  });

  it('end where something else begins', () => {
    expect(readFit(chain(first, Uint8Array.of(1, 2, 3))).trailingBytes).toBe(3);
  });
});

describe('a file that is not whole', () => {
  const whole = fitBytes([...TIME_AND_HEART_RATE, ...record(0, 120), ...record(1, 121)]);

  it('keeps whole messages up to the cut and makes none of the half one', () => {
    const { parts, records } = readFit(whole.slice(0, whole.length - 4));
    expect(parts).toMatchObject([{ cut: true, crc: 'missing', stop: { reason: 'cut_message' } }]);
    expect(records.count).toBe(1);
  });

  it('is recognised when only the CRC is missing', () => {
    const { parts, records } = readFit(whole.slice(0, -2));
    expect(parts).toMatchObject([{ cut: false, crc: 'missing', stop: null }]);
    expect(records.count).toBe(2);
  });

  it('is read to its end when the device never wrote its size', () => {
    const unfinished = new Uint8Array(whole.slice(0, -2));
    unfinished.fill(0, 4, 8);
    const { parts, records } = readFit(unfinished);
    expect(parts).toMatchObject([{ cut: true, crc: 'missing' }]);
    expect(records.count).toBe(2);
  });

  it('keeps the values of a file whose CRC is wrong, and says so', () => {
    const wrong = new Uint8Array(whole);
    wrong[wrong.length - 1]! ^= 0xff;
    expect(readFit(wrong)).toMatchObject({ parts: [{ crc: 'wrong', stop: null }], records: { count: 2 } });
  });
});

describe('times in five bits', () => {
  it('count on from the last time of any message, over the wrap', () => {
    const heartRate = definition({ local: 1, global: 20, fields: [[3, 1, UINT8]] });
    const compressed = (time: number, value: number): number[] => [0x80 | (1 << 5) | (time & 0x1f), value];
    const data = [...TIME_AND_HEART_RATE, ...heartRate, ...record(30, 120)];
    const { records } = readFit(fitBytes([...data, ...compressed(T0 + 31, 121), ...compressed(T0 + 33, 122)]));
    expect([...records.timestamp]).toEqual([T0 + 30, T0 + 31, T0 + 33]);
    expect([...records.columns.heart_rate!]).toEqual([120, 121, 122]);
  });

  it('say nothing before the first full time', () => {
    const heartRate = definition({ global: 20, fields: [[3, 1, UINT8]] });
    expect([...readFit(fitBytes([...heartRate, 0x80 | 5, 121])).records.timestamp]).toEqual([NAN]);
  });
});

describe('how fields are laid out', () => {
  it('may be big-endian', () => {
    const layout = definition({
      global: 20,
      bigEndian: true,
      fields: [
        [253, 4, UINT32],
        [7, 2, UINT16],
      ],
    });
    const { records } = readFit(fitBytes([...layout, 0, ...u32(T0, true), ...u16(251, true)]));
    expect([...records.timestamp, ...records.columns.power!]).toEqual([T0, 251]);
  });

  it('may be too short for their type: such a value is left out, the next ones are not', () => {
    const layout = definition({
      global: 20,
      fields: [
        [5, 1, UINT32],
        [253, 4, UINT32],
        [7, 3, UINT16],
        [3, 1, UINT8],
      ],
    });
    const { records } = readFit(fitBytes([...layout, 0, 9, ...u32(T0), 1, 2, 3, 140]));
    expect([...records.timestamp]).toEqual([T0]);
    expect(Object.keys(records.columns)).toEqual(['heart_rate']);
  });

  it('may lack the end of a text', () => {
    const layout = definition({ global: 0, fields: [[8, 4, 7]] });
    expect(readFit(fitBytes([...layout, 0, ...text('abcd', 4)])).fileIds).toEqual([{ product_name: 'abcd' }]);
  });

  it('may change in the middle of the file, and change back', () => {
    const power = definition({
      global: 20,
      fields: [
        [253, 4, UINT32],
        [7, 2, UINT16],
      ],
    });
    const data = [...TIME_AND_HEART_RATE, ...record(0, 120), ...power, 0, ...u32(T0 + 1), ...u16(250)];
    const { records } = readFit(fitBytes([...data, ...TIME_AND_HEART_RATE, ...record(2, 122)]));
    expect([...records.columns.heart_rate!]).toEqual([120, NAN, 122]);
    expect([...records.columns.power!]).toEqual([NAN, 250, NAN]);
  });
});

describe('speed and distance in three bytes', () => {
  it('are unpacked, and the distance is carried over its wrap at 256 m', () => {
    const layout = definition({
      global: 20,
      fields: [
        [253, 4, UINT32],
        [8, 3, BYTE],
      ],
    });
    const pack = (speed: number, distance: number): number[] => [
      speed & 0xff,
      (speed >> 8) | ((distance & 0xf) << 4),
      distance >> 4,
    ];
    const rows = [pack(300, 4_000), [0xff, 0xff, 0xff], pack(310, 64), pack(305, 4_090)];
    const { records } = readFit(fitBytes([...layout, ...rows.flatMap((bytes, i) => [0, ...u32(T0 + i), ...bytes])]));
    expect([...records.packedSpeed!]).toEqual([3, NAN, 3.1, 3.05]);
    expect([...records.packedDistance!]).toEqual([250, NAN, 260, 511.625]);
  });
});

describe('developer fields', () => {
  const twoApps = describeDeveloperFields(
    { developerIndex: 0, number: 0, baseType: UINT16, name: 'Power', native: 7 },
    { developerIndex: 1, number: 0, baseType: FLOAT32, name: 'Power' },
  );
  const layout = definition({
    global: 20,
    fields: [[253, 4, UINT32]],
    developer: [
      [0, 2, 0],
      [0, 4, 1],
    ],
  });

  it('of two apps may share a name and stay apart', () => {
    const rows = [0, ...u32(T0), ...u16(250), ...f32(1.5), 0, ...u32(T0 + 1), ...u16(0xffff), ...f32(NAN)];
    const { records } = readFit(fitBytes([...twoApps, ...layout, ...rows]));
    expect(records.developer.map(({ description, values }) => [description.developerIndex, [...values]])).toEqual([
      [0, [250, NAN]],
      [1, [1.5, NAN]],
    ]);
  });

  it('that nobody described are left out', () => {
    const { records } = readFit(fitBytes([...layout, 0, ...u32(T0), ...u16(250), ...f32(1.5)]));
    expect(records).toMatchObject({ count: 1, developer: [] });
  });

  it('take a new column when they are described anew', () => {
    const renamed = describeDeveloperFields({ developerIndex: 0, number: 0, baseType: UINT16, name: 'Form Power' });
    const row = (second: number, value: number): number[] => [0, ...u32(T0 + second), ...u16(value), ...f32(0)];
    const { records } = readFit(fitBytes([...twoApps, ...layout, ...row(0, 250), ...renamed, ...row(1, 60)]));
    const columns = records.developer.map(({ description, values }) => [description.name, [...values]]);
    expect(columns).toEqual([
      ['Power', [250, NAN]],
      ['Power', [0, 0]],
      ['Form Power', [NAN, 60]],
    ]);
  });
});

describe('what one file may cost', () => {
  it('is at most the records of five days, the rest is counted', () => {
    const layout = definition({ global: 20, fields: [[3, 1, UINT8]] });
    const file = fitBytesOf(layout, [0, 120], FIT_LIMITS.records + 7);
    const { records, counts, limitsReached } = readFit(file);
    expect(records.count).toBe(FIT_LIMITS.records);
    expect(counts.get(20)).toBe(FIT_LIMITS.records + 7);
    expect(limitsReached).toEqual(['records']);
  });

  it('is at most 64 developer columns', () => {
    const numbers = Array.from({ length: 70 }, (_, i) => i);
    const described = describeDeveloperFields(
      ...numbers.map((number) => ({ developerIndex: 0, number, baseType: UINT8, name: `f${number}` })),
    );
    const layout = definition({ global: 20, fields: [], developer: numbers.map((number) => [number, 1, 0] as const) });
    const { records, limitsReached } = readFit(fitBytes([...described, ...layout, 0, ...numbers]));
    expect(records.developer).toHaveLength(64);
    expect(limitsReached).toEqual(['developerColumns']);
  });

  it('is at most so many different definitions, while one that comes again is free', () => {
    const again = Array.from({ length: 5_000 }, (_, i) => [...TIME_AND_HEART_RATE, ...record(i, 120)]).flat();
    expect(readFit(fitBytes(again))).toMatchObject({ limitsReached: [], records: { count: 5_000 } });
    const different = Array.from({ length: 5_000 }, (_, i) =>
      definition({ global: i, fields: [[3, 1, UINT8]] }),
    ).flat();
    expect(readFit(fitBytes(different)).limitsReached).toEqual(['definitions']);
  });

  it('is at most 64 MB', () => {
    expect(readFit(new Uint8Array(FIT_LIMITS.inputBytes + 1))).toMatchObject({
      parts: [],
      limitsReached: ['inputBytes'],
    });
  });
});

/** A definition and one data message many times over, without a CRC: arrays of millions are slow to build. */
function fitBytesOf(layout: number[], message: number[], times: number): Uint8Array {
  const head = fitBytes(layout).subarray(0, 14 + layout.length);
  const file = new Uint8Array(head.length + message.length * times);
  file.set(head);
  for (let i = 0; i < times; i++) file.set(message, head.length + i * message.length);
  new DataView(file.buffer).setUint32(4, file.length - 14, true);
  return file;
}
