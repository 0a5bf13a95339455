/** What has passed its retention goes; what the history, a file, a series or a replay needs stays. */
import { describe, expect, it } from 'vitest';
import { readDatabase } from './hub-at-fake.test-support.ts';
import { type Edition, type StrideHub, strideHub } from './stride-hub.test-support.ts';

const DAY_MS = 86_400_000;
/** Encoded series of three points, one for each statement of a run: heart rates of 120, 150 and 151. */
const SERIES = {
  1000: 'Q0hTAQMCBXRpbWVTAQIABAQMaGVhcnRSYXRlQnBtAQEABQUDAAIAA/ABAAI=',
  1100: 'Q0hTAQMCBXRpbWVTAQIABAQMaGVhcnRSYXRlQnBtAQEABQUDAAIAA6wCAAI=',
  2000: 'Q0hTAQMCBXRpbWVTAQIABAQMaGVhcnRSYXRlQnBtAQEABQUDAAIAA64CAAI=',
};

/** Every run comes with a small series, and its bytes are an original file. */
const WITH_SERIES: Edition = {
  mappingVersion: 1,
  mapping: `
    if (run.metres === undefined) throw new Error('no metres');
    const bytes = ${JSON.stringify(SERIES)}[run.metres];
    return [claim(run.id, { distanceM: run.metres, avgHeartRateBpm: 120 }, {
      form: 'file',
      series: bytes ? { bytes: Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)), channels: ['timeS', 'heartRateBpm'], points: 3 } : null,
      file: { name: run.id + '.json', mediaType: 'application/json' } })];`,
};

async function fileOf(stage: StrideHub, athleteId: string, id: string): Promise<string> {
  const { body } = await stage.hub().objects.file(athleteId, 'activity', id);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces).toString();
}

function countOf(pruned: { what: string; count: number }[], what: string): number {
  return pruned.find((each) => each.what === what)?.count ?? 0;
}

async function filled(retention: object): Promise<StrideHub> {
  const stage = await strideHub(WITH_SERIES, retention);
  await stage.connect('ath_1', 'user-1');
  await stage.accept([
    { user: 'user-1', id: 'a', metres: 1_000, at: '06:00' },
    { user: 'user-1', id: 'b', metres: 2_000, at: '08:00', filler: 'x'.repeat(70_000) },
    { user: 'user-1', id: 'unreadable', at: '10:00' },
  ]);
  await stage.accept([{ id: 'nobody’s', metres: 1 }]);
  // The vendor corrects a run: the series and the file of its first statement are nobody's from then on.
  await stage.accept([{ user: 'user-1', id: 'a', metres: 1_100, at: '06:00' }]);
  await stage.rest();
  return stage;
}

describe('pruning', () => {
  it('takes the bytes of what was read, and leaves objects, series, files, letters and revs as they are', async () => {
    const stage = await filled({ envelopeDays: 30 });
    const before = await stage.activities('ath_1');
    const rev = await stage.rev('ath_1');
    const ids = Object.keys(before);
    expect(ids).toHaveLength(2);
    const seen = async () =>
      Promise.all(
        ids.map(async (id) => ({
          file: await fileOf(stage, 'ath_1', id),
          series: await stage.hub().objects.series('ath_1', 'activity', id, {}),
        })),
      );
    const whole = await seen();
    expect(whole.map(({ series }) => series.series[0]?.points)).toEqual([3, 3]);
    stage.advance(31 * DAY_MS);
    const { retention, inbox } = stage.hub();
    const foreseen = await retention.prune({ dryRun: true });
    expect(countOf(foreseen.pruned, 'envelope stride.runs')).toBe(3);
    expect((await retention.prune({ dryRun: true })).pruned).toEqual(foreseen.pruned);
    const { pruned } = await retention.prune({ dryRun: false });
    expect(countOf(pruned, 'envelope stride.runs')).toBe(3);
    expect(countOf(pruned, 'athletes’ blob')).toBeGreaterThan(countOf(foreseen.pruned, 'athletes’ blob'));
    expect(await seen()).toEqual(whole);
    expect(await stage.activities('ath_1')).toEqual(before);
    expect(await stage.rev('ath_1')).toBe(rev);
    expect((await retention.prune({ dryRun: false })).pruned.every(({ count }) => count === 0)).toBe(true);
    expect(await inbox.counts()).toMatchObject({ deadLetters: 2, envelopesDead: 1 });

    // What was said once is known, though its bytes are gone: sent again it changes nothing, and is not stored again.
    await stage.accept([
      { user: 'user-1', id: 'a', metres: 1_000, at: '06:00' },
      { user: 'user-1', id: 'a', metres: 1_100, at: '06:00' },
    ]);
    await stage.rest();
    expect(await stage.rev('ath_1')).toBe(rev);

    // Both letters are replayed as if nothing had happened.
    await stage.install({
      ...WITH_SERIES,
      mapping: WITH_SERIES.mapping.replace('throw new Error', 'run.metres = 7; if (false) throw new Error'),
    });
    const outcomes = await stage.hub().inbox.replay({ stage: 'normalise' }, { dryRun: false });
    expect(outcomes).toMatchObject([{ outcome: 'replayed' }]);
    await stage.rest();
    expect(Object.keys(await stage.activities('ath_1'))).toHaveLength(3);
  });

  it('keeps everything where no policy says otherwise, and the provider’s terms shorten what the operator wants', async () => {
    const stage = await filled({ envelopeDays: null });
    stage.advance(3_000 * DAY_MS);
    const kept = await stage.hub().retention.prune({ dryRun: true });
    expect(countOf(kept.pruned, 'envelope stride.runs')).toBe(0);
    await stage.install({ ...WITH_SERIES, retentionDays: 90 });
    const { pruned } = await stage.hub().retention.prune({ dryRun: true });
    expect(pruned.find(({ what }) => what === 'envelope stride.runs')).toMatchObject({ days: 90, count: 3 });
  });

  it('follows what is set for one stream', async () => {
    const stage = await filled({ envelopeDays: null, streamDays: { 'stride.runs': 7 } });
    stage.advance(8 * DAY_MS);
    const { pruned } = await stage.hub().retention.prune({ dryRun: true });
    expect(pruned.find(({ what }) => what === 'envelope stride.runs')).toMatchObject({ days: 7, count: 3 });
  });

  it('says of envelopes without bytes that they cannot be read anew', async () => {
    const stage = await filled({ envelopeDays: 30 });
    stage.advance(31 * DAY_MS);
    await stage.hub().retention.prune({ dryRun: false });
    const before = await stage.activities('ath_1');
    await stage.install({ ...WITH_SERIES, mappingVersion: 2, mapping: 'return [];' });
    await stage.accept([{ user: 'user-1', id: 'c', metres: 3_000, at: '12:00' }]);
    await stage.rest();
    const run = stage.hub().renormalise.run({ dryRun: false, plugin: 'stride' });
    const last = await run.next();
    expect(last).toMatchObject({ done: true, value: { plugins: [{ envelopes: 0, withoutBytes: 3, read: 0 }] } });
    expect(await stage.activities('ath_1')).toEqual(before);
  });

  it('can be stopped between two steps', async () => {
    const stage = await filled({ envelopeDays: 1 });
    stage.advance(100 * DAY_MS);
    const stopped = await stage.hub().retention.prune({ dryRun: false, signal: AbortSignal.abort() });
    expect(stopped).toEqual({ dryRun: false, stopped: true, pruned: [] });
    const emptied = 'select id from envelope where body is null and blob_sha256 is null';
    expect(readDatabase(stage.data, emptied)).toEqual([]);
  });
});

describe('the room taken', () => {
  it('is told by doctor, table by table', async () => {
    const stage = await filled({});
    const { diskUse } = await stage.hub().health.doctor();
    expect(Object.keys(diskUse.tables)).toEqual(expect.arrayContaining(['envelope', 'object_state', 'dead_letter']));
    expect(diskUse.blobs.athletes.count).toBeGreaterThanOrEqual(4);
    expect(diskUse.blobs.inbox.count).toBe(1);
  });
});
