import type { FakeVendor } from '@coach-hub/core';
import { startFake } from './start-fake.ts';

/** A fake Garmin: `coach fake garmin`, the demo and the tests run against it. */
export const fake: FakeVendor = { id: 'garmin', start: startFake };
