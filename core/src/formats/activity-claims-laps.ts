/** The laps of a session as the field `laps` states them. */
import { activity } from '../model/activity.ts';
import type { JsonObject } from '../wire/json.ts';
import type { TakeNote } from './activity-claims-note.ts';
import type { DecodedLap, DecodedSession } from './decoded.ts';
import { instantText } from './instant-text.ts';
import { plainZero } from './plain-zero.ts';
import { isWithin, type TimeWindow, windowOfActivity } from './time-window.ts';

const Laps = activity.laps!.type;

const FIGURES = [
  'elapsedS',
  'timerS',
  'distanceM',
  'avgHeartRateBpm',
  'maxHeartRateBpm',
  'avgCadenceSpm',
  'avgPowerW',
  'ascentM',
] as const satisfies readonly (keyof DecodedLap)[];

/**
 * `null` without laps. A figure that cannot be becomes `null`, as if the device had not given it; a lap whose start
 * cannot be, or is none of this session, is left out. Notes count the laps concerned, since a damaged file can hold
 * thousands.
 */
export function statedLaps(session: DecodedSession, note: TakeNote): JsonObject[] | null {
  const { part, laps } = session;
  const stated: JsonObject[] = [];
  const window = windowOf(session);
  for (const lap of laps) {
    const startedAt = instantText(lap.startedAtMs);
    if (startedAt === null || (window && !isWithin(window, lap.startedAtMs! / 1_000))) continue;
    const figures: JsonObject = { startedAt };
    for (const name of FIGURES) figures[name] = plainZero(lap[name]);
    stated.push(figures);
  }
  if (stated.length < laps.length) note('lap_start_unknown', { part, laps: laps.length - stated.length });
  const outOfRange = dropOutOfRange(stated);
  if (outOfRange > 0) note('lap_value_out_of_range', { part, laps: outOfRange });
  return stated.length > 0 ? stated : null;
}

/** When a lap of it can have begun; null where the session's own start is not known. */
function windowOf({ startedAtMs, elapsedS, timerS, columns }: DecodedSession): TimeWindow | null {
  if (startedAtMs === null) return null;
  return windowOfActivity(startedAtMs / 1_000, Math.max(elapsedS ?? 0, timerS ?? 0, columns.timeS.at(-1) ?? 0));
}

/** Sets to `null` what the registry does not take. @returns how many laps that concerned. */
function dropOutOfRange(laps: JsonObject[]): number {
  const concerned = new Set<number>();
  for (const { path } of Laps.safeParse(laps).error?.issues ?? []) {
    const [index, figure] = path;
    if (typeof index !== 'number' || typeof figure !== 'string') continue;
    laps[index]![figure] = null;
    concerned.add(index);
  }
  return concerned.size;
}
