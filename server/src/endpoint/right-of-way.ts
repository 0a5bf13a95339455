/** Large bodies let short requests go first: they take long anyway, and those would wait for them chunk by chunk. */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

/** A body that has come to more than this gives way before each further chunk. */
const SHORT_BODY_BYTES = 128 * 1024;
const MIB_PER_S = (1024 * 1024) / 1_000;
/** What a large body takes in beside short requests: 128 MiB in 20 s, and a little more, since timers come late. */
const BYTES_PER_MS = 6.4 * MIB_PER_S;
/** What it takes in although somebody always waits: 128 MiB in 25 s. Garmin waits 30 s for its answer. */
const LEAST_BYTES_PER_MS = 5.1 * MIB_PER_S;
/** When nobody else has come for so long, a large body comes as fast as it can. */
const CALM_MS = 250;

export interface RightOfWay {
  /** A request is being answered until what this returns is called. */
  enter(): () => void;
  /** The same chunks; those of a large body, itself a request that has entered, come at a moderate pace. */
  givingWay(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
}

export function createRightOfWay(): RightOfWay {
  let waiting = 0;
  let entered = 0;

  /** Time is counted in pauses and not read from a clock, which may stand still or jump. */
  function patience() {
    let seen = entered;
    let bytes = 0;
    let waitedMs = 0;
    let calmMs = 0;
    const wait = async (ms: number) => {
      await pause(ms);
      waitedMs += ms;
      calmMs = waiting === 0 && entered === seen ? calmMs + ms : 0;
      seen = entered;
    };
    return async (more: number) => {
      // What has come in meanwhile is counted first.
      await turn();
      if (waiting > 0 || entered !== seen) calmMs = 0;
      if (calmMs >= CALM_MS) {
        bytes = 0;
        waitedMs = 0;
        return;
      }
      bytes += more;
      const dueMs = Math.floor(bytes / BYTES_PER_MS) - waitedMs;
      if (dueMs > 0) await wait(dueMs);
      while (waiting > 0 && waitedMs + 1 < bytes / LEAST_BYTES_PER_MS) await wait(1);
    };
  }

  return {
    enter() {
      waiting += 1;
      entered += 1;
      return () => {
        waiting -= 1;
      };
    },
    async *givingWay(body) {
      const giveWay = patience();
      let bytes = 0;
      let isAside = false;
      try {
        for await (const chunk of body) {
          bytes += chunk.length;
          if (bytes > SHORT_BODY_BYTES) {
            if (!isAside) waiting -= 1;
            isAside = true;
            await giveWay(chunk.length);
          }
          yield chunk;
        }
      } finally {
        if (isAside) waiting += 1;
      }
    },
  };
}
