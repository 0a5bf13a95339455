import type { Clock } from '../hub/ports.ts';
import type { AdapterPool } from '../plugin/adapter-pool.ts';
import type { Meter } from './meter.ts';
import { outcomeOf } from './outcome-of.ts';

/** A pool that tells how long each envelope took. */
export function meteredPool(pool: AdapterPool, { meter, clock }: { meter: Meter; clock: Clock }): AdapterPool {
  return {
    ...pool,
    async normalise(provider, envelope, options) {
      const startedAtMs = clock.now();
      const told = (outcome: string) =>
        meter.observe(
          'coach_decode_duration_seconds',
          { plugin: provider.id, outcome },
          (clock.now() - startedAtMs) / 1_000,
        );
      try {
        const normalised = await pool.normalise(provider, envelope, options);
        told('ok');
        return normalised;
      } catch (error) {
        told(outcomeOf(error));
        throw error;
      }
    },
  };
}
