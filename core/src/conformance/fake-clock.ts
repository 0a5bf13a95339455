/** A clock that stands still until it is told otherwise. */
export interface FakeClock {
  now(): number;
  advance(ms: number): void;
}

export function fakeClock(startMs = Date.UTC(2026, 2, 1)): FakeClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
