/** One file for each athlete. */
import { markOf } from './local/mark.ts';

/** Name of an athlete's database file: says nothing of whose it is. Two athletes on one phone never share one. */
export function athleteFileName(athleteId: string): string {
  return `coach-${markOf(athleteId)}.db`;
}
