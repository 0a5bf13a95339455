/**
 * A Garmin record as a session, the shape every activity file has too: so time zone, track, series and limits follow
 * the one set of rules in core.
 *
 * Vendor facts this file relies on (garmin.md §3.1):
 * - `durationInSeconds` runs without pauses: it is our `timerS`. Elapsed and moving time are not in a summary.
 * - `activeKilocalories` of an activity includes the resting share (in dailies it does not).
 * - Run cadence counts the steps of both feet. Power and dynamics are not in the JSON at all.
 * - `startTimeOffsetInSeconds` is the device's clock, not a time zone; the start position tells the zone.
 * - Mean speed and pace follow from distance and time, so they are not stated.
 */
import { HubError, type Note, type Sport } from '@coach-hub/core';
import { type DecodedSession, NOTHING_STATED } from '@coach-hub/core/formats';
import { sportOf } from './activity-type.ts';
import { type Item, isTrue, numberIn, positiveIn } from './member.ts';

const LATEST_START_S = 253_402_300_799; // the end of the year 9999

export interface SessionReading {
  startS: number;
  session: DecodedSession;
  notes: Note[];
}

/** @throws HubError `normalise_failed` without a start: such a record cannot be placed. */
export function readSession(record: Item): SessionReading {
  const startS = numberIn(record, 'startTimeInSeconds');
  if (startS === null || startS <= 0 || startS > LATEST_START_S) throw withoutStart();
  const { sport, subSport, notes } = sportOf(record.activityType);
  if (isTrue(record, 'isWebUpload')) notes.push({ code: 'web_upload' });
  const session: DecodedSession = {
    ...NOTHING_STATED,
    laps: [],
    sport,
    subSport,
    startedAtMs: Math.round(startS * 1_000),
    timerS: numberIn(record, 'durationInSeconds'),
    distanceM: numberIn(record, 'distanceInMeters'),
    ascentM: numberIn(record, 'totalElevationGainInMeters'),
    descentM: numberIn(record, 'totalElevationLossInMeters'),
    avgHeartRateBpm: positiveIn(record, 'averageHeartRateInBeatsPerMinute'),
    maxHeartRateBpm: positiveIn(record, 'maxHeartRateInBeatsPerMinute'),
    avgCadenceSpm: positiveIn(record, cadenceKey(sport, 'average')),
    maxCadenceSpm: positiveIn(record, cadenceKey(sport, 'max')),
    maxSpeedMps: positiveIn(record, 'maxSpeedInMetersPerSecond'),
    energyKcal: positiveIn(record, 'activeKilocalories'),
    columns: startPosition(record),
  };
  return { startS, session, notes };
}

/** The one position a summary has; it becomes the time zone and is no track. */
function startPosition(record: Item): DecodedSession['columns'] {
  const latitude = numberIn(record, 'startingLatitudeInDegree');
  const longitude = numberIn(record, 'startingLongitudeInDegree');
  if (latitude === null || longitude === null) return { timeS: new Float64Array(0) };
  return {
    timeS: Float64Array.of(0),
    latitudeDeg: Float64Array.of(latitude),
    longitudeDeg: Float64Array.of(longitude),
  };
}

function cadenceKey(sport: Sport, which: 'average' | 'max'): string {
  return sport === 'ride' ? `${which}BikeCadenceInRoundsPerMinute` : `${which}RunCadenceInStepsPerMinute`;
}

function withoutStart(): HubError {
  return new HubError('normalise_failed', {
    what: 'A Garmin activity has no usable start time.',
    why: 'Its startTimeInSeconds is missing or not an instant in seconds.',
    fix: 'Have Garmin send it again. If all of them are so, the format changed: update the plugin, then replay.',
  });
}
