/** What no device can have measured is left out and told, wherever in a file it stands; the rest of the file counts. */
import { describe, expect, it } from 'vitest';
import { activityClaims } from '../activity-claims.ts';
import { decodeFit } from './decode-fit.ts';
import { fitFile, T0, type TestMessage } from './fit-file.test-support.ts';

const SECONDS = 120;
const SOURCE = { externalId: 'x', sha256: 'a'.repeat(64), fileName: null, mediaType: 'application/vnd.ant.fit' };
const session: TestMessage = [
  'session',
  { start_time: T0, sport: 1, total_elapsed_time: SECONDS, total_timer_time: SECONDS, total_distance: 360 },
];

/** A run whose records at 60 s hold other values. */
function decoded(odd: { [field: string]: number }, ...more: TestMessage[]) {
  const records: TestMessage[] = Array.from({ length: SECONDS }, (_, i) => [
    'record',
    {
      timestamp: T0 + i,
      distance: i * 3,
      position_lat: 47,
      position_long: 8.5,
      altitude: 400,
      ...(i === 60 ? odd : {}),
    },
  ]);
  const file = decodeFit(fitFile(['file_id', { type: 4 }], ...records, ...more, session));
  if (!('sessions' in file)) throw new Error('It was not read.');
  return file;
}

describe('a value that cannot be', () => {
  it.each([
    ['distanceM', { distance: 30_000_000 }, ['distanceM']],
    ['altitudeM', { altitude: 12_500 }, ['altitudeM']],
    ['latitudeDeg', { position_lat: 150 }, ['latitudeDeg', 'longitudeDeg']],
  ] as const)('of %s is a gap, and noted', (field, odd, gaps) => {
    const { sessions, notes } = decoded(odd);
    const { columns } = sessions[0]!;
    for (const channel of gaps) expect(columns[channel]?.[60]).toBeNaN();
    expect(columns.distanceM?.[59]).toBeCloseTo(177, 1);
    expect(notes).toContainEqual({ code: 'value_out_of_range', params: { part: 0, field } });
  });

  it('leaves no half of a position where the other half is all there is', () => {
    const { sessions } = decoded({ position_lat: 150, position_long: 8.5 });
    const { latitudeDeg, longitudeDeg } = sessions[0]!.columns;
    expect([latitudeDeg?.[59], longitudeDeg?.[59]].map((degrees) => degrees?.toFixed(3))).toEqual(['47.000', '8.500']);
    expect([latitudeDeg?.[60], longitudeDeg?.[60]]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('a lap of another time', () => {
  it('is none of the activity; laps a little before or behind it are', () => {
    const lap = (startS: number): TestMessage => [
      'lap',
      { timestamp: T0 + 90, start_time: startS, total_elapsed_time: 60 },
    ];
    const year = 365 * 86_400;
    const file = decoded({}, lap(T0 - 20 * year), lap(T0 - 30), lap(T0 + 60));
    const { claims, notes } = activityClaims(file, SOURCE);
    expect(claims[0]?.fields?.laps).toHaveLength(2);
    expect(notes).toContainEqual({ code: 'lap_start_unknown', params: { part: 0, laps: 1 } });
  });
});
