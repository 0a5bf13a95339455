/** One run, written by its watch as FIT and by programs as TCX and GPX. */
import { describe, expect, it } from 'vitest';
import { decidePair, type MatchRecord } from '../ledger/match-pair.ts';
import type { ClaimDraft } from '../provider/envelope.ts';
import { activityClaims } from './activity-claims.ts';
import { decodeActivityFile } from './decode-activity-file.ts';
import type { DecodedSession } from './decoded.ts';
import { fitFile, T0, type TestMessage } from './fit/fit-file.test-support.ts';
import { fitToUnixMs } from './fit/fit-time.ts';
import { activities, gpx, tcx, trk, trkseg, utf8 } from './track/xml-files.test-support.ts';

const SECONDS = 1_800;
const MPS = 3;
const SHA = { fit: 'f'.repeat(64), tcx: 'a'.repeat(64), gpx: '9'.repeat(64) };

const at = (second: number) => ({
  second,
  time: new Date(fitToUnixMs(T0 + second)).toISOString(),
  latitude: 47.37 + (second * MPS) / 111_195.08,
  longitude: 8.54,
  altitude: Math.round(400 + 30 * Math.sin(second / 200)),
  heartRate: 130 + Math.round(second / 60),
  /** Of one foot. */
  cadence: 84,
});
const POINTS = Array.from({ length: SECONDS + 1 }, (_, second) => at(second));
const DISTANCE_M = SECONDS * MPS;

function asFit(): Uint8Array {
  const records = POINTS.map(
    ({ second, latitude, longitude, altitude, heartRate, cadence }): TestMessage => [
      'record',
      {
        timestamp: T0 + second,
        position_lat: latitude,
        position_long: longitude,
        altitude,
        distance: second * MPS,
        heart_rate: heartRate,
        cadence,
      },
    ],
  );
  return fitFile(['file_id', { type: 4, manufacturer: 1, serial_number: 77 }], ...records, [
    'lap',
    { start_time: T0, sport: 1 },
  ]);
}

function asTcx(): Uint8Array {
  const points = POINTS.map(
    ({ second, time, latitude, longitude, altitude, heartRate, cadence }) =>
      `<Trackpoint><Time>${time}</Time><Position><LatitudeDegrees>${latitude}</LatitudeDegrees><LongitudeDegrees>${longitude}</LongitudeDegrees></Position><AltitudeMeters>${altitude}</AltitudeMeters><DistanceMeters>${second * MPS}</DistanceMeters><HeartRateBpm><Value>${heartRate}</Value></HeartRateBpm><Extensions><x:TPX><x:RunCadence>${cadence}</x:RunCadence></x:TPX></Extensions></Trackpoint>`,
  );
  const lap = `<Lap StartTime="${at(0).time}"><TotalTimeSeconds>${SECONDS}</TotalTimeSeconds><DistanceMeters>${DISTANCE_M}</DistanceMeters><Track>${points.join('')}</Track></Lap>`;
  return utf8(tcx(activities(`<Activity Sport="Running"><Id>${at(0).time}</Id>${lap}</Activity>`)));
}

function asGpx(): Uint8Array {
  const points = POINTS.map(
    ({ time, latitude, longitude, altitude, heartRate, cadence }) =>
      `<trkpt lat="${latitude}" lon="${longitude}"><ele>${altitude}</ele><time>${time}</time><extensions><t:TrackPointExtension><t:hr>${heartRate}</t:hr><t:cad>${cadence}</t:cad></t:TrackPointExtension></extensions></trkpt>`,
  );
  return utf8(gpx(trk('running', trkseg(...points))));
}

function read(format: keyof typeof SHA): { session: DecodedSession; claim: ClaimDraft } {
  const bytes = { fit: asFit, tcx: asTcx, gpx: asGpx }[format]();
  const result = decodeActivityFile(bytes);
  if (result.status !== 'decoded') throw new Error(result.what);
  const source = { externalId: SHA[format], sha256: SHA[format], fileName: null, mediaType: '' };
  return { session: result.file.sessions[0]!, claim: activityClaims(result.file, source).claims[0]! };
}

const READ = { fit: read('fit'), tcx: read('tcx'), gpx: read('gpx') };

function matchRecord({ claim, session }: (typeof READ)['fit']): MatchRecord {
  return {
    key: claim.externalId,
    provider: 'file',
    externalId: claim.externalId,
    part: claim.part,
    groupKey: claim.groupKey,
    identities: claim.identities,
    sport: session.sport,
    subSport: session.subSport,
    startMs: session.startedAtMs,
    elapsedS: session.elapsedS,
    distanceM: session.distanceM,
    day: '2021-09-08',
    byAthlete: false,
  };
}

describe.each(['tcx', 'gpx'] as const)('the same run as %s', (format) => {
  const { fit, [format]: track } = READ;

  it('has the figures that the watch’s own records give', () => {
    for (const figure of [
      'startedAtMs',
      'elapsedS',
      'timerS',
      'movingS',
      'avgHeartRateBpm',
      'maxHeartRateBpm',
      'avgCadenceSpm',
      'ascentM',
      'descentM',
    ] as const) {
      expect({ [figure]: track.session[figure] }).toEqual({ [figure]: fit.session[figure] });
    }
    expect(fit.session).toMatchObject({ movingS: SECONDS, distanceM: DISTANCE_M, avgCadenceSpm: 168, sport: 'run' });
  });

  it('has the distance within a thousandth', () => {
    expect(Math.abs(track.session.distanceM! / DISTANCE_M - 1)).toBeLessThan(0.001);
  });

  it('is the same activity to the rules of matching', () => {
    expect(decidePair(matchRecord(fit), matchRecord(track), () => null)).toMatchObject({ decision: 'duplicate' });
  });

  it('ranks below the recording of the device', () => {
    expect([fit.claim.origin, track.claim.origin]).toEqual(['device', 'track_import']);
  });
});
