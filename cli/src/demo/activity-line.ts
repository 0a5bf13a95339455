/** An activity on one line, as a phone's list would show it. */
import { distance, duration } from '../screen/figures.ts';

const MAX_NOTE = 40;

export function activityLine(data: { readonly [field: string]: unknown }): string {
  const { sport, distanceM, timerS, elapsedS, avgHeartRateBpm, rpe, notes } = data;
  const time = numberOf(timerS) ?? numberOf(elapsedS);
  const heartRate = numberOf(avgHeartRateBpm);
  const effort = numberOf(rpe);
  return [
    typeof sport === 'string' ? sport.charAt(0).toUpperCase() + sport.slice(1) : 'Activity',
    distance(numberOf(distanceM)),
    duration(time),
    heartRate === null ? '' : `${Math.round(heartRate)} bpm`,
    effort === null ? '' : `RPE ${effort}`,
    typeof notes === 'string' ? `“${notes.length > MAX_NOTE ? `${notes.slice(0, MAX_NOTE)}…` : notes}”` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
