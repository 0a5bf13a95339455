import { describe, expect, it } from 'vitest';
import { HubError } from '../error/hub-error.ts';
import { isTimeZone, localDay, timeZoneAt, utcOffsetSAt } from './time-zone.ts';

const HOUR_S = 3_600;

function at(utc: string): number {
  return Date.parse(utc);
}

/** Local time as a clock on the wall shows it. */
function wallClock(timeZone: string, utc: string): string {
  const localMs = at(utc) + utcOffsetSAt(timeZone, at(utc)) * 1000;
  return new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
}

describe('the zone of a place', () => {
  it.each([
    [52.52, 13.4, 'Europe/Berlin'],
    [40.71, -74.0, 'America/New_York'],
    [27.7, 85.32, 'Asia/Kathmandu'],
    [-36.85, 174.76, 'Pacific/Auckland'],
    [47.56, -52.71, 'America/St_Johns'],
    [-33.87, 151.2, 'Australia/Sydney'],
  ])('at %d°, %d° is %s', (latitude, longitude, zone) => {
    expect(timeZoneAt(latitude, longitude)).toBe(zone);
  });

  it('is known at sea and on the 180th meridian', () => {
    expect(timeZoneAt(45, -30)).not.toBeNull();
    expect(timeZoneAt(-17, 180)).not.toBeNull();
    expect(timeZoneAt(90, 0)).not.toBeNull();
  });

  it.each([
    [Number.NaN, Number.NaN],
    [0, 0],
    [91, 0],
    [10, 181],
  ])('is unknown at %d°, %d°, which is no position', (latitude, longitude) => {
    expect(timeZoneAt(latitude, longitude)).toBeNull();
  });
});

// The tables of the merge rules, "Time".
describe('the day of an activity is the local date of its start', () => {
  it.each([
    ['2026-06-02T05:30:00Z', 'America/Los_Angeles', '2026-06-01 22:30', -7, '2026-06-01'],
    ['2026-06-01T22:30:00Z', 'Asia/Tokyo', '2026-06-02 07:30', 9, '2026-06-02'],
    ['2026-06-01T23:15:00Z', 'Europe/London', '2026-06-02 00:15', 1, '2026-06-02'],
    ['2026-01-10T11:30:00Z', 'Pacific/Auckland', '2026-01-11 00:30', 13, '2026-01-11'],
    ['2026-06-01T18:20:00Z', 'Asia/Kathmandu', '2026-06-02 00:05', 5.75, '2026-06-02'],
    ['2026-06-02T02:20:00Z', 'America/St_Johns', '2026-06-01 23:50', -2.5, '2026-06-01'],
  ])('%s in %s is %s (%d h): %s', (utc, timeZone, wall, hours, day) => {
    expect(wallClock(timeZone, utc)).toBe(wall);
    expect(utcOffsetSAt(timeZone, at(utc))).toBe(hours * HOUR_S);
    expect(localDay(at(utc), { timeZone })).toBe(day);
    expect(localDay(at(utc), { utcOffsetS: hours * HOUR_S })).toBe(day);
  });
});

describe('a night is dated by waking, however long the clock makes it', () => {
  it.each([
    [
      'Europe/Berlin',
      '2026-03-28T22:30Z',
      '2026-03-29T05:00Z',
      '2026-03-28 23:30',
      '2026-03-29 07:00',
      6.5,
      '2026-03-29',
    ],
    [
      'Europe/Berlin',
      '2026-10-24T21:30Z',
      '2026-10-25T06:00Z',
      '2026-10-24 23:30',
      '2026-10-25 07:00',
      8.5,
      '2026-10-25',
    ],
    [
      'America/New_York',
      '2026-03-08T04:00Z',
      '2026-03-08T10:30Z',
      '2026-03-07 23:00',
      '2026-03-08 06:30',
      6.5,
      '2026-03-08',
    ],
    [
      'America/New_York',
      '2026-11-01T03:00Z',
      '2026-11-01T11:30Z',
      '2026-10-31 23:00',
      '2026-11-01 06:30',
      8.5,
      '2026-11-01',
    ],
    [
      'Asia/Kolkata',
      '2026-05-01T17:45Z',
      '2026-05-02T01:15Z',
      '2026-05-01 23:15',
      '2026-05-02 06:45',
      7.5,
      '2026-05-02',
    ],
    [
      'Australia/Sydney',
      '2026-05-01T14:20Z',
      '2026-05-01T21:50Z',
      '2026-05-02 00:20',
      '2026-05-02 07:50',
      7.5,
      '2026-05-02',
    ],
  ])('%s, %s to %s', (timeZone, asleep, awake, asleepLocal, awakeLocal, hours, day) => {
    expect(wallClock(timeZone, asleep)).toBe(asleepLocal);
    expect(wallClock(timeZone, awake)).toBe(awakeLocal);
    expect((at(awake) - at(asleep)) / (HOUR_S * 1000)).toBe(hours);
    expect(localDay(at(awake), { timeZone })).toBe(day);
  });
});

describe('a day has 23, 24 or 25 hours', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00Z', '2026-03-09T04:00Z', 23],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00Z', '2026-07-01T22:00Z', 24],
  ])('%s: %s runs from %s to %s', (timeZone, day, starts, ends, hours) => {
    const dayAt = (epochMs: number) => localDay(epochMs, { timeZone });
    expect([at(starts) - 1, at(starts), at(ends) - 1, at(ends)].map((ms) => dayAt(ms) === day)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect((at(ends) - at(starts)) / (HOUR_S * 1000)).toBe(hours);
  });
});

describe('an offset', () => {
  it('changes at the minute the clocks change, where that was one past midnight', () => {
    const offsetH = (utc: string) => utcOffsetSAt('America/St_Johns', at(utc)) / HOUR_S;
    expect([offsetH('2010-11-07T02:30:59Z'), offsetH('2010-11-07T02:31:00Z')]).toEqual([-2.5, -3.5]);
  });

  it('is the same for every millisecond of a second, before 1970 too', () => {
    expect(utcOffsetSAt('Europe/Berlin', at('2026-07-01T12:00:00.999Z'))).toBe(2 * HOUR_S);
    expect(utcOffsetSAt('Europe/Berlin', at('1969-12-31T23:59:59.999Z'))).toBe(HOUR_S);
  });

  it('is of the zone when both are given, and none is UTC', () => {
    const place = { timeZone: 'Asia/Tokyo', utcOffsetS: 0 };
    expect(localDay(at('2026-06-01T22:30:00Z'), place)).toBe('2026-06-02');
    expect(localDay(at('2026-06-01T22:30:00Z'), { timeZone: null, utcOffsetS: null })).toBe('2026-06-01');
    expect(localDay(at('2026-06-01T22:30:00Z'), {})).toBe('2026-06-01');
  });
});

describe('a zone nobody knows', () => {
  it('is refused with what to send instead', () => {
    const refused = expect.objectContaining({ code: 'bad_request', what: 'There is no time zone "Mars/Olympus".' });
    expect(() => utcOffsetSAt('Mars/Olympus', 0)).toThrow(refused);
    expect(() => localDay(0, { timeZone: 'Mars/Olympus' })).toThrow(HubError);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('Europe/Berlin')).toBe(true);
  });

  it('is not the same as a time that is none', () => {
    expect(() => utcOffsetSAt('Europe/Berlin', Number.NaN)).toThrow(RangeError);
  });
});
