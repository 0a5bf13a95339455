/**
 * Where on the clock a session began: its zone, and how far local time was ahead of UTC.
 *
 * Best first: the zone of the first position, the offset of the device's own clock, the zone the athlete was known to be
 * in. The two fields never contradict each other: a watch that was not set after a flight does not move the day.
 */
import { isPosition } from '../series/position.ts';
import { isTimeZone, timeZoneAt, utcOffsetSAt } from '../series/time-zone.ts';
import type { TakeNote } from './activity-claims-note.ts';
import type { DecodedSession } from './decoded.ts';
import { instantText } from './instant-text.ts';

export interface LocalTime {
  timeZone: string | null;
  utcOffsetS: number | null;
}

/** Every offset in use is whole quarter hours; a device's is a second off when it reads its clock twice. */
const QUARTER_HOUR_S = 900;

/**
 * @param deviceOffsetS what the file says. 0 counts as nothing said: in recordings of three makers it is written
 *   everywhere on Earth, and where it is true, nothing is lost, since a time without any zone is read as UTC.
 * @param athleteZone from the phone or the profile.
 */
export function localTimeOf(
  session: DecodedSession,
  deviceOffsetS: number | null,
  athleteZone: string | null,
  note: TakeNote,
): LocalTime {
  const { part, startedAtMs } = session;
  const offsetIn = (zone: string) =>
    startedAtMs === null || instantText(startedAtMs) === null ? null : utcOffsetSAt(zone, startedAtMs);
  const saidS = deviceOffsetS === null ? 0 : Math.round(deviceOffsetS / QUARTER_HOUR_S) * QUARTER_HOUR_S;
  const device = saidS === 0 ? null : saidS;
  const contradicts = (offsetS: number | null) => device !== null && offsetS !== null && device !== offsetS;

  const placeZone = zoneOfFirstPosition(session);
  if (placeZone !== null) {
    const utcOffsetS = offsetIn(placeZone);
    if (contradicts(utcOffsetS)) note('device_clock_in_other_zone', { part });
    return { timeZone: placeZone, utcOffsetS: utcOffsetS ?? device };
  }
  if (athleteZone === null) return { timeZone: null, utcOffsetS: device };
  if (!isTimeZone(athleteZone)) {
    note('time_zone_unknown', { part });
    return { timeZone: null, utcOffsetS: device };
  }
  const utcOffsetS = offsetIn(athleteZone);
  if (!contradicts(utcOffsetS)) return { timeZone: athleteZone, utcOffsetS: utcOffsetS ?? device };
  note('device_clock_in_other_zone', { part });
  return { timeZone: null, utcOffsetS: device };
}

/** A virtual course lies somewhere else than the athlete. */
function zoneOfFirstPosition({ subSport, columns: { latitudeDeg, longitudeDeg } }: DecodedSession): string | null {
  if (subSport === 'virtual' || latitudeDeg === undefined || longitudeDeg === undefined) return null;
  for (let i = 0; i < latitudeDeg.length; i++) {
    if (isPosition(latitudeDeg[i]!, longitudeDeg[i]!)) return timeZoneAt(latitudeDeg[i]!, longitudeDeg[i]!);
  }
  return null;
}
