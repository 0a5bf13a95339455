import { describe, expect, it } from 'vitest';
import { type DecodeOptions, decodeActivityFile } from './decode-activity-file.ts';
import { fitFile, T0, type TestMessage } from './fit/fit-file.test-support.ts';
import { describeWithRecordings, recording } from './recordings.test-support.ts';
import { activities, activity, gpx, lap, tcx, trk, trkpts, trkseg } from './track/xml-files.test-support.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const LIBRARY: DecodeOptions = { reader: 'fit-file-parser' };

const RUN: TestMessage[] = [
  ['file_id', { type: 4, manufacturer: 1, product: 4_315, serial_number: 77 }],
  ['record', { timestamp: T0, heart_rate: 131, distance: 0 }],
  ['record', { timestamp: T0 + 5, heart_rate: 133, distance: 15 }],
  ['lap', { start_time: T0, total_distance: 15, sport: 1 }],
  [
    'session',
    { start_time: T0, sport: 1, sub_sport: 3, total_elapsed_time: 5, total_timer_time: 5, total_distance: 15 },
  ],
];

describe('any file', () => {
  it('is decoded when it is an activity', () => {
    expect(decodeActivityFile(fitFile(...RUN))).toMatchObject({
      status: 'decoded',
      file: { format: 'fit', status: 'complete', sessions: [{ sport: 'run', distanceM: 15, movingS: 5 }] },
    });
  });

  it.each([
    ['tcx', tcx(activities(activity('Running', 0, lap(0, 5))))],
    ['gpx', `\uFEFF<!-- a run -->${gpx(trk('running', trkseg(trkpts(0, 6))))}`],
  ])('is decoded when it is a %s', (format, text) => {
    expect(decodeActivityFile(bytes(text))).toMatchObject({
      status: 'decoded',
      file: { format, status: 'complete', sessions: [{ sport: 'run', distanceM: expect.closeTo(15, 1), movingS: 5 }] },
    });
  });

  it.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'a gzip file'],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4), 'a zip archive'],
  ])('is recognised as %s, which is no activity by itself', (_name, file, what) => {
    expect(decodeActivityFile(file, { fileName: 'morning.bin' })).toEqual({
      status: 'unreadable',
      code: 'unsupported_format',
      what: `"morning.bin" is ${what}. Unpack it first.`,
    });
  });

  it('is refused unread when it is too large', () => {
    const large = new Uint8Array(256 * 1024 * 1024 + 1);
    large.set(bytes('<gpx>'));
    expect(decodeActivityFile(large)).toMatchObject({ status: 'unreadable', code: 'file_too_large' });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'empty_file'],
    ['a table', bytes('date,distance\n2026-05-14,11.2\n'), 'not_an_activity_file'],
    ['five bytes that are no XML', bytes('oops\n'), 'not_an_activity_file'],
    ['half a FIT header', fitFile(...RUN).slice(0, 9), 'not_an_activity_file'],
  ])('is answered when it is %s', (_name, file, code) => {
    expect(decodeActivityFile(file)).toMatchObject({ status: 'unreadable', code });
  });
});

describe('the reader an operator falls back to', () => {
  it('gives the same activity', () => {
    const file = fitFile(...RUN);
    expect(decodeActivityFile(file, LIBRARY)).toEqual(decodeActivityFile(file));
    expect(decodeActivityFile(file, { reader: 'own' })).toEqual(decodeActivityFile(file));
  });

  it('answers other files the same way', () => {
    expect(decodeActivityFile(bytes('oops'), LIBRARY)).toEqual(decodeActivityFile(bytes('oops')));
    const course = fitFile(['file_id', { type: 6 }]);
    expect(decodeActivityFile(course, LIBRARY)).toEqual(decodeActivityFile(course));
  });

  it('loses the last record of a file that is cut, because it may be half of one', () => {
    const file = fitFile(...RUN, ['record', { timestamp: T0 + 6, heart_rate: 140 }]);
    const cut = file.slice(0, file.length - 4);
    const records = (result: ReturnType<typeof decodeActivityFile>): unknown =>
      result.status === 'decoded' ? result.file.sessions[0]!.records : result;
    expect(records(decodeActivityFile(cut))).toBe(2);
    expect(records(decodeActivityFile(cut, LIBRARY))).toBe(2);
  });
});

describeWithRecordings('a file that stops making sense half way', () => {
  it('is refused by the fallback and kept in part by our own reader', () => {
    const file = recording('fit/run-strava-android-corrupt-tail.fit');
    expect(decodeActivityFile(file)).toMatchObject({ status: 'decoded', file: { status: 'partial' } });
    expect(decodeActivityFile(file, LIBRARY)).toMatchObject({ code: 'reader_refused' });
  });
});
