/** What came in is never lost, never in the way of others, and counts in the order it was received. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeDatabase, hubAtFake, readDatabase } from './hub-at-fake.test-support.ts';

const DAY = '2026-05-02';
const LARGE = 'x'.repeat(100_000);

function summary(userId: string, activityId: number, more: object = {}) {
  return {
    userId,
    summaryId: String(activityId),
    activityId,
    activityType: 'RUNNING',
    startTimeInSeconds: Date.parse(`${DAY}T06:00:00Z`) / 1000,
    startTimeOffsetInSeconds: 0,
    durationInSeconds: 600,
    distanceInMeters: 2_000,
    ...more,
  };
}

const activities = (...items: object[]) => JSON.stringify({ activities: items });

/** Files of large bytes, whoever owns them. */
function filesIn(data: string): string[] {
  return readdirSync(join(data, 'blobs'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /[0-9a-f]{64}$/.test(path),
  );
}

describe('large deliveries', () => {
  it('that are equal are both read, and their bytes go when the hub is pruned', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const body = activities(summary(userId, 1, { unread: LARGE }), summary(userId, 2, { unread: LARGE }));
    await Promise.all([stage.accept(body), stage.accept(body), stage.accept(body)]);
    await stage.rest();
    expect(await stage.hub().inbox.counts()).toMatchObject({ deliveries: 0, deadLetters: 0 });
    expect(await stage.hub().objects.list('ath_1', 'activity', {})).not.toHaveLength(0);
    const stored = () => filesIn(stage.data).length;
    const prune = () => stage.hub().retention.prune({ dryRun: false });
    const before = stored();
    // Just stored: another process could be about to name them.
    await prune();
    expect(stored()).toBe(before);
    stage.advance(2 * 3_600_000);
    await prune();
    expect(stored()).toBe(before - 1);
  });

  it('that cannot be read keep their bytes for a replay, over a start too', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const broken = `not json ${LARGE}`;
    await stage.accept(broken);
    await stage.rest();
    await stage.restart();
    await stage.accept(broken);
    await stage.accept(activities(summary(userId, 1)));
    await stage.rest();
    const { inbox } = stage.hub();
    expect(await inbox.counts()).toMatchObject({ deliveries: 0, deadLetters: 2 });
    const outcomes = await inbox.replay({}, { dryRun: true });
    expect(outcomes.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('still cannot read'),
      expect.stringContaining('still cannot read'),
    ]);
  });
});

describe('an authorisation that ends', () => {
  it('takes nothing back that was acknowledged before', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    await Promise.all([
      stage.accept(activities(summary(userId, 1))),
      stage.accept(JSON.stringify({ deregistrations: [{ userId }] })),
    ]);
    await stage.rest();
    const { connect, objects } = stage.hub();
    expect((await connect.list('ath_1')).map(({ state }) => state)).toEqual(['revoked']);
    expect(await objects.list('ath_1', 'activity', {})).toMatchObject([{ data: { distanceM: 2_000 } }]);
  });
});

describe('a delivery whose split fails', () => {
  it('is set aside and stops nobody else', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    await stage.hub().inbox.idle();
    await stage.restart((data) => {
      changeDatabase(
        data,
        `insert into delivery (plugin, route, headers, body, blob_sha256, bytes, received_at_ms, context, repeats_id)
         values ('garmin', 'webhook', '{}', null, ?, 100000, 1, null, null)`,
        'e'.repeat(64),
      );
    });
    await stage.accept(activities(summary(userId, 1)));
    await stage.rest();
    const { inbox, objects } = stage.hub();
    expect(await objects.list('ath_1', 'activity', {})).toHaveLength(1);
    const [letter] = await inbox.deadLetters({});
    expect(letter).toMatchObject({ stage: 'split', code: 'blob_missing', blobSha256: 'e'.repeat(64) });
    expect(await inbox.counts()).toMatchObject({ deliveries: 0, deadLetters: 1 });
  });
});

describe('a delivery of many items that cannot be read', () => {
  it('is one letter, kept whole; what can be read is read, and it is replayed when more of it can be', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const noise = Array.from({ length: 1_200 }, (_, at) => at);
    const body = (...items: unknown[]) => JSON.stringify({ activities: [...items, summary(userId, 1)] });
    await stage.accept(body(...noise));
    await stage.rest();
    const letters = () => stage.hub().inbox.deadLetters({});
    const replay = async () => (await stage.hub().inbox.replay({}, { dryRun: false })).map(({ outcome }) => outcome);
    const runs = () => stage.hub().objects.list('ath_1', 'activity', {});
    const [letter, ...others] = await letters();
    expect(others).toEqual([]);
    expect(letter?.detail).toContain('1200 items cannot be read, the first at activities[0]: Expected an object.');
    const before = await runs();
    expect(before).toHaveLength(1);
    expect(await replay()).toEqual(['failed']);
    await stage.restart((data) => {
      // As when the adapter has learned to read all but two.
      const later = { startTimeInSeconds: Date.parse(`${DAY}T16:00:00Z`) / 1000 };
      const readable = Buffer.from(body(7, summary(userId, 2, later), 8));
      changeDatabase(data, 'update dead_letter set body = ?', readable);
    });
    expect(await replay()).toEqual(['replayed']);
    await stage.rest();
    const after = await runs();
    expect(after).toHaveLength(2);
    expect(after.find(({ id }) => id === before[0]?.id)?.rev).toBe(before[0]?.rev);
    expect((await letters()).filter(({ replayedAtMs }) => replayedAtMs === null)).toHaveLength(2);
  });
});

describe('replay', () => {
  it('reaches every letter, the oldest first', async () => {
    const stage = await hubAtFake();
    for (let at = 0; at < 250; at++) await stage.accept(`not json ${at}`);
    await stage.rest();
    const outcomes = await stage.hub().inbox.replay({}, { dryRun: true });
    expect(outcomes).toHaveLength(250);
    const ids = outcomes.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('keeps the old place in the order of receipt', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const { userId: _known, ...unnamed } = summary(userId, 1, { distanceInMeters: 1_000 });
    await stage.accept(activities(unnamed));
    await stage.rest();
    await stage.accept(activities(summary(userId, 1, { distanceInMeters: 5_000 })));
    await stage.rest();
    await stage.restart((data) => {
      // As when the adapter has learned to read it.
      const readable = Buffer.from(activities(summary(userId, 1, { distanceInMeters: 1_000 })));
      changeDatabase(data, 'update dead_letter set body = ?', readable);
    });
    const outcomes = await stage.hub().inbox.replay({}, { dryRun: false });
    expect(outcomes).toMatchObject([{ outcome: 'replayed' }]);
    await stage.rest();
    const [run] = await stage.hub().objects.list('ath_1', 'activity', {});
    expect(run?.data).toMatchObject({ distanceM: 5_000 });
  });
});

describe('a fetch letter', () => {
  it('is not replayed with an authorisation that has ended', async () => {
    const stage = await hubAtFake();
    const { userId, connectionId } = await stage.connect('ath_1');
    stage.garmin.fault('stale_callback', 1);
    await stage.garmin.act('run', {
      userId,
      distanceM: 500,
      durationS: 60,
      start: `${DAY}T06:00:00Z`,
      deliver: ['file'],
    });
    await stage.rest();
    const { inbox, connect } = stage.hub();
    const [letter] = await inbox.deadLetters({});
    expect(letter).toMatchObject({ stage: 'fetch', connectionId });
    expect(await inbox.replay({}, { dryRun: true })).toMatchObject([{ outcome: 'would_replay' }]);
    await connect.disconnect({ athleteId: 'ath_1', connectionId, erase: false });
    await stage.connect('ath_1', userId);
    expect(await inbox.replay({}, { dryRun: false })).toMatchObject([
      { outcome: 'failed', detail: expect.stringContaining('has ended since') },
    ]);
    expect((await inbox.deadLetter(letter!.id)).replayedAtMs).toBeNull();
  });
});

describe('an ended connection', () => {
  it('that is made again takes the same run again', async () => {
    const stage = await hubAtFake();
    const { userId, connectionId } = await stage.connect('ath_1');
    const body = activities(summary(userId, 1));
    await stage.accept(body);
    await stage.rest();
    await stage.hub().connect.disconnect({ athleteId: 'ath_1', connectionId, erase: true });
    await stage.rest();
    expect(await stage.hub().objects.list('ath_1', 'activity', {})).toHaveLength(0);
    await stage.connect('ath_1', userId);
    await stage.accept(body);
    await stage.rest();
    expect(await stage.hub().objects.list('ath_1', 'activity', {})).toHaveLength(1);
  });

  it('is erased with everything it said, of deleted objects too, and its bytes', async () => {
    const stage = await hubAtFake();
    const { userId, connectionId } = await stage.connect('ath_1');
    await stage.garmin.act('run', { userId, distanceM: 2_024, durationS: 120, start: `${DAY}T16:00:00Z` });
    // More on one day than are read at once.
    const many = Array.from({ length: 230 }, (_, at) =>
      summary(userId, 1_000 + at, { startTimeInSeconds: Date.parse(`${DAY}T00:00:00Z`) / 1000 + at * 200 }),
    );
    await stage.accept(activities(...many.map((each) => ({ ...each, durationInSeconds: 100 }))));
    await stage.rest();
    const { objects, sync, connect } = stage.hub();
    const [first] = await objects.list('ath_1', 'activity', {});
    const { epoch } = await sync.head('ath_1');
    const stamp = `${Date.parse(`${DAY}T20:00:00Z`)}:0000`;
    const mid = '0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a';
    const batch = [{ seq: 1, mid, stamp, kind: 'activity' as const, id: first!.id, op: 'delete' as const }];
    const answer = await sync.push({ athleteId: 'ath_1', clientId: 'phone', schemaVersion: 1 }, { epoch, batch });
    expect(JSON.parse(answer).results[0].status).not.toBe('rejected');
    await connect.disconnect({ athleteId: 'ath_1', connectionId, erase: true });
    await stage.rest();
    expect(await stage.hub().objects.list('ath_1', 'activity', {})).toHaveLength(0);
    await stage.restart((data) => {
      expect(readDatabase(data, "select state from object_state where state like '%distanceM%'")).toEqual([]);
      for (const table of ['envelope', 'notice', 'dead_letter', 'blob']) {
        expect(readDatabase(data, `select * from ${table}`), table).toEqual([]);
      }
    });
    await stage.restart((data) => expect(filesIn(data)).toEqual([]));
  }, 60_000);
});
