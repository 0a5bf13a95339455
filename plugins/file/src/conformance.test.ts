import { providerLaws } from '@coach-hub/core/conformance';
import { describe, it } from 'vitest';
import { plugin } from './adapter.ts';
import { fitFile, imported } from './fit-file.test-support.ts';

describe('the provider contract', () => {
  const laws = providerLaws(plugin, {
    deliveries: [],
    envelopes: [
      { name: 'a run', envelope: imported(fitFile()) },
      { name: 'two sessions', envelope: imported(fitFile({ sessions: 2 })) },
      { name: 'a course', envelope: imported(fitFile({ type: 6 })) },
      { name: 'without a name', envelope: imported(fitFile(), {}) },
    ],
  });
  for (const { name, run } of laws) it(name, run);
});
