import { expect, it } from 'vitest';
import { coverageOf } from './coverage.ts';

it.each([
  ['every second of a steady recording', [0, 1, 2, 3], 3],
  ['the time between points up to 30 s apart', [0, 30, 60], 60],
  ['nothing of a longer gap', [0, 10, 41, 51], 20],
  ['nothing of a step back in time', [0, 5, 3, 4], 6],
  ['nothing with one point', [7], 0],
  ['nothing without points', [], 0],
])('a series covers %s', (_, timeS, coveredS) => {
  expect(coverageOf(Float64Array.from(timeS))).toBe(coveredS);
});
