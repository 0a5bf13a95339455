import { silentLog } from '../../hub/log.ts';
import type { OpenedStore } from '../../store/opened-store.ts';
import type { StoreOptions } from '../../store/store-plugin.ts';
import { type FakeClock, fakeClock } from '../fake-clock.ts';
import type { Law } from '../law.ts';

/** An empty database somewhere. The suite asks for a fresh one per law. */
export interface StorePlace {
  /** Opens it, migrated. Called a second time it opens the same database again, as another process would. */
  open(options: Omit<StoreOptions, 'url'>): Promise<OpenedStore>;
  /** Removes it; everything opened was closed before. */
  remove(): Promise<void>;
}

export type NewPlace = () => Promise<StorePlace>;

/** What a law works with. */
export interface Bench extends OpenedStore {
  clock: FakeClock;
  /** Opens the same database beside the first, as a second process would. */
  openBeside(): Promise<OpenedStore>;
  /** Closes everything and opens again what is on disk. */
  reopen(): Promise<OpenedStore>;
}

export function lawIn(newPlace: NewPlace, name: string, body: (bench: Bench) => Promise<void>): Law {
  return {
    name,
    async run() {
      const place = await newPlace();
      const opened: OpenedStore[] = [];
      const clock = fakeClock();
      const open = async () => {
        const one = await place.open({ now: clock.now, random: drawsFrom(opened.length + 1), log: silentLog });
        opened.push(one);
        return one;
      };
      const closeAll = async () => {
        for (const each of opened) {
          // A law that failed may have left a job waiting for it.
          await each.queue.stop(0);
          await each.close();
        }
      };
      const reopen = async () => {
        await closeAll();
        return open();
      };
      try {
        await body({ ...(await open()), clock, openBeside: open, reopen });
      } finally {
        await closeAll();
        await place.remove();
      }
    },
  };
}

/** Repeatable draws from [0, 1), other ones per opened store, as in different processes (mulberry32). */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
