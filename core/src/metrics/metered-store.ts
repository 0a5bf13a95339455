/** Counts the objects that take a rev, at the one place where all of them are written. */
import type { AthleteWrite } from '../store/athlete-change.ts';
import type { SyncStore } from '../store/sync-store.ts';
import type { Meter } from './meter.ts';

export function meteredStore(store: SyncStore, meter: Meter): SyncStore {
  const withAthleteChange: SyncStore['withAthleteChange'] = async (athleteId, load, decide) => {
    // A decision may run again in a retry: only what the last one wrote was committed.
    let write: AthleteWrite | null = null;
    const result = await store.withAthleteChange(athleteId, load, (loaded) => {
      const step = decide(loaded);
      if (step.do === 'write') write = step.write;
      return step;
    });
    for (const { kind } of writtenObjects(write)) meter.count('coach_objects_written_total', { kind });
    return result;
  };
  return { ...store, withAthleteChange };
}

function writtenObjects(write: AthleteWrite | null): AthleteWrite['objects'] {
  return write?.objects ?? [];
}
