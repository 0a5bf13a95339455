import { providerLaws } from '@coach-hub/core/conformance';
import { describe, expect, it } from 'vitest';
import { plugin } from './adapter.ts';
import { recordRun } from './fake/recorded-run.ts';
import { fitFileOf } from './fake/run-file.ts';
import { seeded } from './fake/stage.test-support.ts';
import { answer, envelope, fixture, fixtureNames, notification } from './fixture.test-support.ts';

const plan = {
  startS: 1_777_610_400,
  utcOffsetS: 7_200,
  distanceM: 400,
  durationS: 120,
  heartRateBpm: 140,
  pauseS: 0,
  activityType: 'RUNNING',
  hasPosition: true,
};
const file = fitFileOf(recordRun(plan, seeded(1)), 3_141_592_653);

describe('the provider contract', () => {
  const laws = providerLaws(plugin, {
    deliveries: fixtureNames().map((name) => ({
      name,
      delivery: name.startsWith('answer-')
        ? answer(fixture(name), { stream: name.replace('answer-', '') })
        : notification(fixture(name)),
    })),
    envelopes: [{ name: 'file', envelope: envelope('activityFiles', file, { fileType: 'FIT', activityId: '5001' }) }],
    enums: ['activityType', 'deviceName', 'fileType'],
  });
  for (const { name, run } of laws) it(name, run);
});

it('reads a file the same with the reader an operator falls back to', () => {
  const view = envelope('activityFiles', file, { fileType: 'FIT', activityId: '5001' });
  expect(plugin.normalise({ ...view, options: { fitReader: 'fit-file-parser' } })).toEqual(plugin.normalise(view));
});
