import { describe, expect, it } from 'vitest';
import { figuresFromColumns } from './figures-from-columns.ts';

describe('figures of a series', () => {
  it('are whole numbers, and a little below nothing is nothing', () => {
    const columns = { timeS: Float64Array.of(0, 1, 2), temperatureC: Float64Array.of(-1, 0, 0) };
    expect(Object.is(figuresFromColumns(columns, null).avgTemperatureC, 0)).toBe(true);
  });
});
