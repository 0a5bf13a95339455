/** The clock of simulations. */
export const START_MS = Date.parse('2026-03-01T08:00:00.000Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const dayAt = (ms) => new Date(ms).toISOString().slice(0, 10);
