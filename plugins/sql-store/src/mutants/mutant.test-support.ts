/** A store with one defect, to see that a law notices it. */
import type { BlobStore, JobQueue, OpenedStore, StoreOptions, SyncStore } from '@coach-hub/core';
import type { NewPlace } from '@coach-hub/core/conformance';
import { plugin } from '../index.ts';
import type { Place } from '../new-place.test-support.ts';

export interface Mutant {
  options?(options: StoreOptions): Partial<StoreOptions>;
  store?(real: SyncStore, opened: OpenedStore): Partial<SyncStore>;
  /** @param url of the database, for what no store would do. */
  queue?(real: JobQueue, url: string): Partial<JobQueue>;
  blobs?(real: BlobStore): Partial<BlobStore>;
}

/** Law → the defect it has to notice. */
export type Killers = { [law: string]: Mutant };

/** Places whose stores have the defect. */
export function placesOf(mutant: Mutant, newPlace: () => Promise<Place>): NewPlace {
  return async () => {
    const place = await newPlace();
    return {
      ...place,
      async open(options) {
        const real = await plugin.open({
          ...options,
          url: place.url,
          ...mutant.options?.({ ...options, url: place.url }),
        });
        await real.store.migrate();
        return {
          ...real,
          store: { ...real.store, ...mutant.store?.(real.store, real) },
          queue: { ...real.queue, ...mutant.queue?.(real.queue, place.url) },
          blobs: { ...real.blobs, ...mutant.blobs?.(real.blobs) },
        };
      },
    };
  };
}
