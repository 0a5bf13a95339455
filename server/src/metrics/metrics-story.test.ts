/** What an operator sees after a day's work: a real hub, a real database, the fake vendor, one scrape. */
import type { Kind, Mutation } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { hubAtFake } from '../hub-at-fake.test-support.ts';

const CALLER = { athleteId: 'ann', clientId: 'c_phone-0001', schemaVersion: null };

describe('the figures after a day', () => {
  it('tell what came in, what was refused, what was written and what waits', async () => {
    const stage = await hubAtFake();
    const { garmin, hub } = stage;
    const { userId } = await stage.connect('ann');
    await garmin.act('run', { userId });
    await stage.rest();
    await stage.accept('{"activities": [');
    await stage.accept(ping(userId, 'https://evil.example/file?token=1'));
    await garmin.act('unknown_user');
    await fetch(`${stage.url()}/webhooks/garmin/wrong`, { method: 'POST', body: '{}' });
    await fetch(`${stage.url()}/webhooks/nobody/wrong`, { method: 'POST', body: '{}' });
    await stage.rest();
    const sentAt = '2026-03-01T06:00:00.000Z';
    await hub().sync.sync(CALLER, { sentAt, push: { epoch: null, batch: mutations() }, pull: { cursor: null } });
    stage.advance(10_000);

    const figures = await stage.scrape();
    expect(figures).toMatchObject({
      'coach_webhooks_total{plugin="garmin",outcome="not_found"}': 1,
      'coach_webhooks_total{plugin="unknown",outcome="not_found"}': 1,
      coach_inbox_deliveries: 0,
      'coach_inbox_envelopes{state="new"}': 0,
      'coach_inbox_dead_letters{plugin="garmin",stage="split",code="delivery_unsplittable"}': 1,
      'coach_inbox_dead_letters{plugin="garmin",stage="fetch",code="egress_refused"}': 1,
      coach_inbox_unknown_identities: 1,
      'coach_egress_refused_total{plugin="garmin",code="egress_refused"}': 1,
      'coach_connections{plugin="garmin",state="connected"}': 1,
      'coach_sync_pushes_total{outcome="ok"}': 1,
      'coach_sync_pulls_total{outcome="ok"}': 1,
      'coach_sync_mutations_total{status="applied"}': 1,
      'coach_sync_mutations_total{status="rejected"}': 1,
      'coach_sync_rejected_mutations_total{code="unknown_kind"}': 1,
      coach_questions_open: 0,
      'coach_decode_tasks{state="waiting"}': 0,
      coach_store_up: 1,
      'coach_build_info{version="0.0.0-test"}': 1,
    });
    expect(figures['coach_webhooks_total{plugin="garmin",outcome="accepted"}']).toBeGreaterThanOrEqual(4);
    expect(figures['coach_objects_written_total{kind="activity"}']).toBeGreaterThanOrEqual(2);
    expect(figures['coach_egress_requests_total{plugin="garmin",status="200"}']).toBeGreaterThanOrEqual(1);
    expect(figures['coach_jobs_total{task="inbox.fetch",outcome="done"}']).toBeGreaterThanOrEqual(1);
    expect(figures['coach_envelopes_total{plugin="garmin",outcome="done"}']).toBeGreaterThanOrEqual(1);
    expect(figures['coach_decode_duration_seconds_count{plugin="garmin",outcome="ok"}']).toBeGreaterThanOrEqual(1);
    expect(figures['coach_database_bytes{part="wal"}']).toBeGreaterThan(10_000);
    expect(figures.coach_blob_bytes).toBeGreaterThan(100);
    const budget = Object.entries(figures).filter(([series]) => series.startsWith('coach_budget_requests_left'));
    expect(budget.length).toBeGreaterThan(0);
  });

  it('count a refresh of a token by how it ended', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ann');
    stage.advance(48 * 3_600_000);
    await stage.garmin.act('run', { userId });
    await stage.rest();
    stage.advance(10_000);
    const figures = await stage.scrape();
    expect(figures['coach_token_refreshes_total{plugin="garmin",outcome="refreshed"}']).toBe(1);
  });

  it('do not grow with what strangers ask for', async () => {
    const stage = await hubAtFake();
    const asked = async (seed: number) => {
      const methods = ['GET', 'POST', 'DELETE', 'PUT'];
      for (let each = 0; each < 200; each += 1) {
        const word = `w${(seed * 7_919 + each * 104_729) % 1_000_003}`;
        const paths = [`/${word}`, `/webhooks/${word}/${word}`, `/v1/objects/${word}/${word}`, `/v1/sync?x=${word}`];
        await fetch(`${stage.url()}${paths[each % 4]}`, { method: methods[(each >> 2) % 4] ?? 'GET' });
      }
      const series = Object.keys(await stage.scrape());
      expect(series.filter((name) => /w\d{2,}/.test(name))).toEqual([]);
      return series.length;
    };
    await asked(1);
    const before = await asked(1);
    expect(await asked(2)).toBe(before);
  });
});

function ping(userId: string, callbackURL: string): string {
  return JSON.stringify({ activityFiles: [{ userId, callbackURL, fileType: 'FIT', summaryId: '1', activityId: 1 }] });
}

/** One that fits and one that does not. */
function mutations(): Mutation[] {
  const stamp = '1772344800000:0000';
  const set = { sport: 'run', day: '2026-03-01', distanceM: 5_000 };
  return [
    { mid: 'm_00000001', seq: 1, kind: 'activity', id: 'act_phone_0001', op: 'put', stamp, set },
    { mid: 'm_00000002', seq: 2, kind: 'no_such_kind' as Kind, id: 'x_phone_0001', op: 'put', stamp, set },
  ];
}
