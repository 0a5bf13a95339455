/** Figures as people read them. */

/** `3,601`. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `2 files`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `10.12 km`, below one kilometre `870 m`. */
export function distance(metres: number | null): string {
  if (metres === null) return '';
  return metres >= 1_000 ? `${(metres / 1_000).toFixed(2)} km` : `${Math.round(metres)} m`;
}

/** `1:00:00`, `4:35`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '';
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const [h = 0, m = 0, s = 0] = parts;
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `842 bytes`, `84.2 KB`, `1.3 MB`. */
export function bytes(value: number): string {
  if (value < 1_000) return counted(value, 'byte');
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)} KB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** `38 ms`, `1.4 s`. */
export function milliseconds(value: number): string {
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

/** `2026-03-01 07:04` of an ISO 8601 instant, in UTC. */
export function minute(instant: string | null): string {
  return instant === null ? '' : instant.slice(0, 16).replace('T', ' ');
}

/** `2026-03-01 08:04` of an ISO 8601 instant, on the clocks of a time zone. */
export function minuteIn(timeZone: string, instant: string | null): string {
  if (instant === null) return '';
  // Swedish dates are ISO 8601.
  return new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
}
