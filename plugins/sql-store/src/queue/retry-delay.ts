const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 3_600_000;
/** Up to this share is added, so that jobs that failed together do not come back together. */
const JITTER = 0.25;

/**
 * Delay before the next attempt: 2^(attempts − 1) seconds and a little more, at most an hour and a quarter.
 *
 * @param attempts that have failed, 1 or more.
 * @param random draws from [0, 1).
 */
export function retryDelayMs(attempts: number, random: () => number): number {
  const base = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
  return Math.round(base * (1 + JITTER * random()));
}
