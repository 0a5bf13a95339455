/**
 * The fields of kind `activity` that one session of a file states.
 *
 * What the file does not say is left out, and so is what cannot be: a value outside its field's range. 0 is a value.
 */
import { activity } from '../model/activity.ts';
import { isIndoor } from '../model/sport.ts';
import { simplifyTrack } from '../series/track.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import { statedLaps } from './activity-claims-laps.ts';
import { localTimeOf } from './activity-claims-local-time.ts';
import type { TakeNote } from './activity-claims-note.ts';
import type { DecodedActivityFile, DecodedSession } from './decoded.ts';
import { instantText } from './instant-text.ts';
import { plainZero } from './plain-zero.ts';

/** Figures that a session and the registry call by one name. */
const FIGURES = [
  'elapsedS',
  'timerS',
  'movingS',
  'distanceM',
  'maxSpeedMps',
  'ascentM',
  'descentM',
  'avgHeartRateBpm',
  'maxHeartRateBpm',
  'avgCadenceSpm',
  'maxCadenceSpm',
  'avgPowerW',
  'maxPowerW',
  'normalizedPowerW',
  'strideLengthM',
  'verticalOscillationMm',
  'groundContactMs',
  'avgTemperatureC',
  'energyKcal',
  'aerobicTrainingEffect',
  'anaerobicTrainingEffect',
  'feel',
] as const satisfies readonly (keyof DecodedSession)[];

/** @param timeZone the athlete's zone, for a session without a position; `null` when it is not known. */
export function fieldsOfSession(
  session: DecodedSession,
  file: DecodedActivityFile,
  timeZone: string | null,
  note: TakeNote,
): JsonObject {
  const { part, subSport, rpe, columns } = session;
  const startedAt = instantText(session.startedAtMs);
  const local = localTimeOf(session, file.utcOffsetS, timeZone, note);
  const found: { [field: string]: Json } = {
    startedAt,
    timeZone: local.timeZone,
    utcOffsetS: local.utcOffsetS,
    sport: session.sport,
    subSport,
    // Without a sub-sport the file says nothing about a roof.
    indoor: subSport === null ? null : isIndoor(subSport),
    rpe: rpe === 0 ? null : rpe, // how watches write "not answered"
    track: trackOf(columns),
    laps: statedLaps(session, note),
    deviceName: file.device.name,
    deviceFirmware: file.device.firmware,
  };
  for (const name of FIGURES) found[name] = session[name];
  if (startedAt === null) note('start_unknown', { part });
  return valid(found, part, note);
}

function trackOf({ latitudeDeg, longitudeDeg }: DecodedSession['columns']): string | null {
  return latitudeDeg === undefined || longitudeDeg === undefined ? null : simplifyTrack(latitudeDeg, longitudeDeg);
}

/** Of what was found, what is there and what the registry takes. */
function valid(found: JsonObject, part: number, note: TakeNote): JsonObject {
  const fields: JsonObject = {};
  for (const [field, value] of Object.entries(found)) {
    if (value === null) continue;
    if (activity[field]?.type.safeParse(value).success) fields[field] = plainZero(value);
    else note('value_out_of_range', { part, field });
  }
  return fields;
}
