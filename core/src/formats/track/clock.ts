/** The clock a file was written by: what its times say about zones, over the whole file. */
import { timeIn } from './text-values.ts';

export class Clock {
  /** How far local time was ahead of UTC, as the first time in another zone says. Times in UTC say nothing of it. */
  offsetS: number | null = null;
  /** Times that name no zone. */
  withoutZone = 0;

  /** Unix milliseconds; null when the text is no time. */
  read(text: string | undefined): number | null {
    const time = text === undefined ? null : timeIn(text);
    if (time === null) return null;
    if (time.offsetS === null) this.withoutZone++;
    else if (time.offsetS !== 0) this.offsetS ??= time.offsetS;
    return time.epochMs;
  }
}
