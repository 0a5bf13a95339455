import { Buffer } from 'node:buffer';
import type { ClaimDraft } from '@coach-hub/core';
import { decodeActivityFile } from '@coach-hub/core/formats';
import FitParser from 'fit-file-parser';
import { describe, expect, it } from 'vitest';
import { envelope, notification } from '../fixture.test-support.ts';
import { normalise } from '../normalise.ts';
import { split } from '../split.ts';
import { connect, type Stage, setStage } from './stage.test-support.ts';

async function recorded(params: { [key: string]: unknown } = {}) {
  const stage = await setStage();
  await connect(stage);
  const told = await stage.garmin.act('run', { distanceM: 5_000, durationS: 1_500, hr: 148, ...params });
  const { base64 } = await stage.garmin.act('file', { activityId: told.activityId });
  const bytes = new Uint8Array(Buffer.from(String(base64), 'base64'));
  return { stage, told, bytes };
}

/** The claims of the three forms, as the hub would make them. */
function claimsOf(stage: Stage, bytes: Uint8Array): { [form: string]: ClaimDraft } {
  const envelopes = stage.received.slice(0, 2).flatMap(({ json }) => split(notification(json)).envelopes);
  const views = [...envelopes.map(({ stream, bytes }) => envelope(stream, bytes)), envelope('activityFiles', bytes)];
  return Object.fromEntries(views.flatMap((view) => normalise(view).claims).map((claim) => [claim.form, claim]));
}

describe('a generated run', () => {
  it('has the asked distance, duration and mean heart rate, and sounds like a body on a hill', async () => {
    const { told } = await recorded();
    expect(told).toMatchObject({
      distanceM: 5_000,
      timerS: 1_500,
      elapsedS: 1_500,
      records: 1_501,
      laps: 5,
      startedAt: '2026-05-01T11:25:00.000Z',
    });
    expect(Math.abs(Number(told.avgHeartRateBpm) - 148)).toBeLessThanOrEqual(1);
    expect(told.maxHeartRateBpm).toBeLessThan(175);
    expect(told.ascentM).toBeGreaterThan(5);
    expect(told.avgCadenceSpm).toBeGreaterThan(160);
  });

  it('says the same in its file, its details and its summary', async () => {
    const { stage, told, bytes } = await recorded({ pauseS: 90 });
    const { file, details, summary } = claimsOf(stage, bytes);
    const shared = {
      startedAt: told.startedAt,
      timeZone: 'Europe/Zurich',
      utcOffsetS: 7_200,
      sport: 'run',
      timerS: 1_500,
      distanceM: 5_000,
      avgHeartRateBpm: told.avgHeartRateBpm,
      maxHeartRateBpm: told.maxHeartRateBpm,
      avgCadenceSpm: told.avgCadenceSpm,
      ascentM: told.ascentM,
      energyKcal: told.energyKcal,
    };
    for (const claim of [file, details, summary]) expect(claim!.fields).toMatchObject(shared);
    for (const claim of [file, details]) expect(claim!.fields).toMatchObject({ elapsedS: 1_590 });
    expect(details!.series?.points).toBe(file!.series?.points);
    const lapsOf = ({ fields }: ClaimDraft) =>
      (fields!.laps as { [figure: string]: unknown }[]).map(({ distanceM, elapsedS, timerS }) => ({
        distanceM,
        elapsedS,
        timerS,
      }));
    expect(lapsOf(details!)).toEqual(lapsOf(file!));
  });

  it('is a file that an independent reader reads alike', async () => {
    const { told, bytes } = await recorded();
    const parser = new FitParser({ force: false, mode: 'list' });
    const fit = await parser.parseAsync(Buffer.from(bytes) as never);
    expect(fit.records).toHaveLength(1_501);
    expect(fit.sessions?.[0]).toMatchObject({
      sport: 'running',
      total_distance: 5_000,
      total_timer_time: 1_500,
      avg_heart_rate: told.avgHeartRateBpm,
    });
    const decoded = decodeActivityFile(bytes);
    expect(decoded).toMatchObject({
      status: 'decoded',
      file: {
        status: 'complete',
        notes: [],
        sessions: [{ records: 1_501, recordsSetAside: 0, heartRateSource: 'wrist', altitudeSource: 'barometric' }],
      },
    });
  });

  it('has no position on a treadmill', async () => {
    const { stage, bytes } = await recorded({ activityType: 'TREADMILL_RUNNING' });
    const { file, details } = claimsOf(stage, bytes);
    for (const claim of [file, details]) {
      expect(claim!.fields).toMatchObject({ sport: 'run', subSport: 'treadmill', indoor: true });
      expect(claim!.fields).not.toHaveProperty('track');
    }
  });

  it('is the same from the same seed', async () => {
    const [first, second] = [await recorded(), await recorded()];
    expect(first.told.sha256).toBe(second.told.sha256);
    expect(first.stage.received.map(({ body }) => body.replaceAll(first.stage.garmin.url, ''))).toEqual(
      second.stage.received.map(({ body }) => body.replaceAll(second.stage.garmin.url, '')),
    );
  });
});

describe('a file', () => {
  it('that is damaged is refused for good', async () => {
    const { bytes } = await recorded();
    const view = envelope('activityFiles', bytes.subarray(0, 9));
    expect(() => normalise(view)).toThrow(expect.objectContaining({ code: 'file_unreadable' }));
  });

  it.each([
    [
      'TCX',
      'application/vnd.garmin.tcx+xml',
      '<TrainingCenterDatabase xmlns="x"><Activities><Activity Sport="Running"><Lap StartTime="2026-05-01T06:00:00Z"><TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>1800</DistanceMeters></Lap></Activity></Activities></TrainingCenterDatabase>',
    ],
    [
      'GPX',
      'application/gpx+xml',
      '<gpx version="1.1"><trk><type>running</type><trkseg><trkpt lat="47.37" lon="8.54"><time>2026-05-01T06:00:00Z</time></trkpt><trkpt lat="47.386" lon="8.54"><time>2026-05-01T06:10:00Z</time></trkpt></trkseg></trk></gpx>',
    ],
  ])(
    'of the type %s, imported into Garmin Connect, is a track and no recording of the device',
    (fileType, mediaType, text) => {
      const { claims } = normalise(envelope('activityFiles', new TextEncoder().encode(text), { fileType }));
      expect(claims).toMatchObject([
        {
          form: 'file',
          origin: 'track_import',
          externalId: '5001',
          file: { name: `5001.${fileType.toLowerCase()}`, mediaType },
          fields: { sport: 'run', startedAt: '2026-05-01T06:00:00.000Z', elapsedS: 600 },
        },
      ]);
    },
  );

  it('that holds a route is no activity', () => {
    const route = new TextEncoder().encode('<gpx version="1.1"><rte><rtept lat="47" lon="8"/></rte></gpx>');
    expect(normalise(envelope('activityFiles', route, { fileType: 'GPX' }))).toEqual({
      claims: [],
      notes: [{ code: 'route_only' }],
    });
  });

  it('of a type that Garmin adds waits as a dead letter for a version that reads it', () => {
    const view = envelope('activityFiles', new Uint8Array([0x50, 0x4b, 3, 4]), { fileType: 'ZIP' });
    expect(() => normalise(view)).toThrow(expect.objectContaining({ code: 'normalise_failed' }));
  });

  it('keeps its identities, so that the same file by import is the same run', async () => {
    const { told, bytes } = await recorded();
    const [claim] = normalise(envelope('activityFiles', bytes)).claims;
    expect(claim).toMatchObject({ form: 'file', origin: 'device', externalId: '5001', file: { name: '5001.fit' } });
    expect(claim!.identities).toContain(`file:${told.sha256}:0`);
    expect(claim!.identities).toContainEqual(expect.stringMatching(/^fit:1:\d+:\d+:0$/));
  });
});
