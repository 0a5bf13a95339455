/** Seconds local time in Zürich is ahead of UTC, so that generated runs have the offset their place has. */
const FORMAT = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Zurich', hour: 'numeric', hourCycle: 'h23' });

export function zurichOffsetS(epochS: number): number {
  const localHour = Number(FORMAT.format(epochS * 1_000));
  const utcHour = new Date(epochS * 1_000).getUTCHours();
  return ((localHour - utcHour + 24) % 24) * 3_600;
}
