import { readFileSync } from 'node:fs';
import { Manifest } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { fitFile, imported, START_S } from './fit-file.test-support.ts';
import { plugin } from './index.ts';
import { normalise } from './normalise.ts';

describe('a FIT file', () => {
  it('is one claim under the hash of its bytes, and one row of figures', () => {
    const view = imported(fitFile());
    const { claims, report } = normalise(view);
    expect(claims).toMatchObject([
      {
        externalId: view.sha256,
        form: 'file',
        part: 0,
        origin: 'device',
        identities: expect.arrayContaining([`file:${view.sha256}:0`]),
        file: { name: 'morning.fit', mediaType: 'application/vnd.ant.fit' },
        fields: { startedAt: '2026-05-01T06:00:00.000Z', timeZone: 'Europe/Zurich', sport: 'run' },
      },
    ]);
    expect(report).toEqual([
      {
        part: 0,
        status: 'complete',
        sport: 'run',
        startedAtMs: START_S * 1_000,
        distanceM: 177,
        elapsedS: 59,
        timerS: 59,
        avgHeartRateBpm: 120,
        maxHeartRateBpm: 125,
        ascentM: null,
        records: 60,
        recordsSetAside: 0,
        laps: 1,
        notes: expect.any(Array),
      },
    ]);
  });

  it('with several sessions is a claim and a row for each, in one order', () => {
    const { claims, report } = normalise(imported(fitFile({ sessions: 2 })));
    expect(claims.map(({ part, fields }) => [part, fields!.sport])).toEqual([
      [1, 'run'],
      [2, 'ride'],
    ]);
    expect(report).toMatchObject([
      { part: 1, sport: 'run', records: 60 },
      { part: 2, sport: 'ride', records: 60 },
    ]);
    expect(new Set(claims.map(({ groupKey }) => groupKey)).size).toBe(1);
  });

  it('that is cut is read as far as it goes, and says so', () => {
    const { claims, report } = normalise(imported(fitFile().subarray(0, 500)));
    expect(claims).toHaveLength(1);
    expect(report).toMatchObject([{ status: 'partial', notes: expect.arrayContaining(['no_session_message']) }]);
  });

  it('needs neither a name nor a zone', () => {
    const [claim] = normalise(imported(fitFile(), {})).claims;
    expect(claim!.file).toMatchObject({ name: null });
    expect(claim!.fields).not.toHaveProperty('timeZone');
  });
});

describe('a TCX or GPX file', () => {
  const point = (time: string, place: string) => `<trkpt ${place}><time>${time}</time></trkpt>`;
  const gpx = `<gpx version="1.1"><trk><type>running</type><trkseg>${point('2026-05-01T06:00:00Z', 'lat="47.37" lon="8.54"')}${point('2026-05-01T06:00:10Z', 'lat="47.3703" lon="8.54"')}</trkseg></trk></gpx>`;
  const lap =
    '<Lap StartTime="2026-05-01T06:00:00Z"><TotalTimeSeconds>10</TotalTimeSeconds><DistanceMeters>33</DistanceMeters></Lap>';
  const tcx = (...laps: string[]) =>
    `<TrainingCenterDatabase xmlns="x"><Activities>${laps.map((each) => `<Activity Sport="Running"><Id>2026-05-01T06:00:00Z</Id>${each}</Activity>`).join('')}</Activities></TrainingCenterDatabase>`;

  it.each([
    ['run.gpx', gpx, 'application/gpx+xml', 2],
    ['run.tcx', tcx(lap), 'application/vnd.garmin.tcx+xml', 0],
  ])('is one claim and one row with the keys of a FIT’s: %s', (fileName, text, mediaType, records) => {
    const view = imported(new TextEncoder().encode(text), { fileName, timeZone: 'Europe/Zurich' });
    const { claims, report } = normalise(view);
    expect(claims).toMatchObject([
      {
        externalId: view.sha256,
        form: 'file',
        part: 0,
        origin: 'track_import',
        identities: [`file:${view.sha256}:0`],
        file: { name: fileName, mediaType },
        fields: { startedAt: '2026-05-01T06:00:00.000Z', timeZone: 'Europe/Zurich', sport: 'run', elapsedS: 10 },
      },
    ]);
    expect(report).toMatchObject([{ status: 'complete', sport: 'run', distanceM: expect.closeTo(33, 0), records }]);
    expect(Object.keys(report![0] as object).sort()).toEqual(
      Object.keys(normalise(imported(fitFile())).report![0] as object).sort(),
    );
  });

  it('with several activities is a claim and a row for each', () => {
    const { claims, report } = normalise(imported(new TextEncoder().encode(tcx(lap, lap.replace('T06', 'T08')))));
    expect(claims.map(({ part }) => part)).toEqual([1, 2]);
    expect(report).toMatchObject([{ part: 1 }, { part: 2 }]);
  });

  it('of a route is a row that says so', () => {
    const route = '<gpx version="1.1"><rte><rtept lat="47" lon="8"/></rte></gpx>';
    expect(normalise(imported(new TextEncoder().encode(route)))).toMatchObject({
      claims: [],
      report: [{ status: 'no_activity', code: 'route_only', records: 1, laps: 0 }],
    });
  });
});

describe('a file without an activity', () => {
  it('is a row that says so, and no claim', () => {
    const { claims, report } = normalise(imported(fitFile({ type: 6 })));
    expect(claims).toEqual([]);
    expect(report).toEqual([
      { status: 'no_activity', code: 'course_file', what: expect.any(String), records: 60, laps: 1 },
    ]);
  });

  it.each([
    ['empty', new Uint8Array(0), 'empty_file'],
    ['something else', new TextEncoder().encode('hello'), 'not_an_activity_file'],
    ['an archive', new Uint8Array([0x50, 0x4b, 3, 4]), 'unsupported_format'],
    ['a GPX that ends at once', new TextEncoder().encode('<gpx version="1.1">'), 'damaged_file'],
  ])('is an unreadable row when it is %s', (_what, bytes, code) => {
    const { claims, report } = normalise(imported(bytes));
    expect(claims).toEqual([]);
    expect(report).toEqual([{ status: 'unreadable', code, what: expect.any(String), records: 0, laps: 0 }]);
  });
});

describe('the manifest', () => {
  it('is valid, and says what the code does', () => {
    const { coach } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      coach: unknown;
    };
    const manifest = Manifest.parse(coach);
    expect([manifest.id, manifest.streams, manifest.hosts]).toEqual([
      plugin.id,
      Object.keys(plugin.streams),
      plugin.hosts,
    ]);
    expect(plugin.file).toEqual({
      extensions: ['.fit', '.tcx', '.gpx'],
      maxBytes: 256 * 1024 * 1024,
      stream: 'file',
    });
  });
});

describe('the reader an operator falls back to', () => {
  it('gives the same claim and the same row', () => {
    const view = imported(fitFile({ sessions: 2 }));
    expect(normalise({ ...view, options: { fitReader: 'fit-file-parser' } })).toEqual(normalise(view));
  });

  it('is the one that reads: it refuses whole what our own reader keeps in part', () => {
    const bytes = fitFile();
    const isRecord = (at: number) => [0, 10, 20].every((ahead) => bytes[at + ahead] === 1);
    bytes[bytes.findIndex((_, at) => isRecord(at)) + 300] = 9; // a message that nobody defined
    const rows = (fitReader: 'own' | 'fit-file-parser') =>
      normalise({ ...imported(bytes), options: { fitReader } }).report;
    expect(rows('own')).toMatchObject([{ status: 'partial' }]);
    expect(rows('fit-file-parser')).toMatchObject([{ status: 'unreadable', code: 'reader_refused' }]);
  });
});
