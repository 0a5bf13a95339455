import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assertDriverFits, fittingDriver } from './driver-fit.ts';

describe('the driver', () => {
  it.each([
    ['20.19.0', '12.11.1', null],
    ['20.20.2', '13.2.0', '12.11.1'],
    ['22.23.3', '12.11.1', null],
    ['22.0.0', '13.2.0', null],
    ['24.18.1', '12.11.1', null],
    ['24.19.0', '12.11.1', '13.2.0'],
    ['25.0.0', '11.10.0', '13.2.0'],
    ['26.1.0', '13.2.0', null],
  ])('on Node %s in version %s is to be replaced by %s', (node, driver, fitting) => {
    expect(fittingDriver(node, driver)).toBe(fitting);
  });

  it('of this checkout fits the Node that runs it', () => {
    expect(assertDriverFits).not.toThrow();
  });

  it('that would be recommended is one this project is tested with', () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
    expect(devDependencies['better-sqlite3']).toBe(fittingDriver('20.19.0', '13.0.0'));
    expect(devDependencies['better-sqlite3-node22']).toBe(`npm:better-sqlite3@${fittingDriver('24.19.0', '12.0.0')}`);
  });
});
