/** Runs one pass at a time; a call during a pass asks for another one after it. */
export interface Pump {
  /** Starts a pass, or asks the running one to be followed by another. */
  wake(): void;
  /** Resolves when no pass runs and none is asked for. */
  idle(): Promise<void>;
  /** No further passes; resolves when the running one is over. */
  stop(): Promise<void>;
}

/** @param pass returns true when it left work behind, so that another pass follows at once. */
export function createPump(pass: () => Promise<boolean>, onError: (error: unknown) => void): Pump {
  let running: Promise<void> | null = null;
  let asked = false;
  let stopped = false;

  async function run(): Promise<void> {
    while (asked && !stopped) {
      asked = false;
      try {
        if (await pass()) asked = true;
      } catch (error) {
        onError(error);
      }
    }
    running = null;
  }

  return {
    wake() {
      asked = true;
      if (running === null && !stopped) running = run();
    },
    async idle() {
      while (running !== null) await running;
    },
    async stop() {
      stopped = true;
      while (running !== null) await running;
    },
  };
}
