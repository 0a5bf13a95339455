import { describe, expect, it } from 'vitest';
import { numberIn, timeIn } from './text-values.ts';

describe('a number', () => {
  it.each([
    ['138', 138],
    ['-0.5', -0.5],
    ['1.2e2', 120],
    ['0', 0],
    ['', Number.NaN],
    ['12,5', Number.NaN],
    ['NaN', Number.NaN],
    ['Infinity', Number.NaN],
    ['201', Number.NaN],
    [undefined, Number.NaN],
  ])('%s is %s', (text, value) => {
    expect(numberIn(text, -1, 200)).toBe(value);
  });
});

describe('a time', () => {
  const EIGHT = Date.parse('2026-05-02T08:00:00Z');

  it.each([
    ['2026-05-02T08:00:00Z', EIGHT, 0],
    ['2026-05-02T08:00:00.250Z', EIGHT + 250, 0],
    ['2026-05-02T08:00:00.2501234567Z', EIGHT + 250, 0],
    ['2026-05-02T10:00:00+02:00', EIGHT, 7_200],
    ['2026-05-02T04:30:00-0330', EIGHT, -12_600],
    ['2026-05-02T08:00:00', EIGHT, null],
    [' 2026-05-02 08:00:00 ', EIGHT, null],
    ['2024-02-29T00:00:00Z', Date.parse('2024-02-29T00:00:00Z'), 0],
  ])('%s', (text, epochMs, offsetS) => {
    expect(timeIn(text)).toEqual({ epochMs, offsetS });
  });

  it.each([
    '',
    '2026-05-02',
    '2026-02-30T08:00:00Z',
    '2026-13-02T08:00:00Z',
    '2026-05-02T25:00:00Z',
    '05/02/2026 8:00',
  ])('is none in "%s"', (text) => {
    expect(timeIn(text)).toBeNull();
  });
});
