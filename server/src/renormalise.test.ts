/** A corrected mapping reads again what is stored; what it would change is told before, and told truly. */
import type { ObjectChange, Renormalised, RenormaliseInput } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { PLAIN_MAPPING, type StrideHub, strideHub } from './stride-hub.test-support.ts';

const FIRST = { mappingVersion: 1, mapping: PLAIN_MAPPING };

async function renormalise(
  stage: StrideHub,
  input: Partial<RenormaliseInput> = {},
): Promise<{ changes: ObjectChange[]; report: Renormalised }> {
  const changes: ObjectChange[] = [];
  const run = stage.hub().renormalise.run({ plugin: 'stride', dryRun: false, ...input });
  for (;;) {
    const next = await run.next();
    if (next.done) return { changes, report: next.value };
    changes.push(next.value);
  }
}

/** Objects as the changes say they will be. Those without an id yet are told apart by what they hold. */
function patched(before: { [id: string]: unknown }, changes: ObjectChange[]): string[] {
  const after = new Map(Object.entries(before).map(([id, data]) => [id, { ...(data as object) }]));
  for (const { id, change, fields } of changes) {
    if (change === 'joined' || change === 'deleted') {
      after.delete(id);
      continue;
    }
    const data = (after.get(id) ?? {}) as { [field: string]: unknown };
    for (const { field, new: value } of fields) {
      if (field.startsWith('alt.') || field === 'day') continue;
      if (value === null) delete data[field];
      else data[field] = value;
    }
    after.set(id, data);
  }
  return contents(Object.fromEntries(after));
}

function contents(objects: { [id: string]: unknown }): string[] {
  return Object.values(objects)
    .map((data) => JSON.stringify(Object.entries(data as object).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();
}

async function filled(athletes = ['ath_1', 'ath_2']): Promise<StrideHub> {
  const stage = await strideHub(FIRST);
  for (const athleteId of athletes) {
    const user = `user-${athleteId}`;
    await stage.connect(athleteId, user);
    await stage.accept([
      { user, id: 'a', metres: 1_000, at: '06:00' },
      { user, id: 'b', metres: 2_000, at: '08:00' },
      { user, id: 'walk', metres: 500, at: '10:00', type: 'walk' },
      { user, id: 'twins', metres: 3_000, at: '12:00', parts: ['12:00', '16:00'] },
      { user, id: 'late', metres: 4_000, at: '18:00', trueAt: '20:00' },
      { user, id: 'late-copy', metres: 4_000, at: '20:00', watch: 2 },
    ]);
    // Said again, corrected by the vendor: the older statement stays the older one.
    await stage.accept([{ user, id: 'b', metres: 2_500, at: '08:00' }]);
  }
  await stage.rest();
  return stage;
}

/** Metres were yards; walks are no runs of ours; one record can hold two runs; some clocks were wrong. */
const CORRECTED = {
  mappingVersion: 2,
  mapping: `
    const distanceM = Math.round(run.metres * 914.4) / 1000;
    if (run.type === 'walk') return [];
    if (run.parts) return run.parts.map((at, part) =>
      claim(run.id, { distanceM, startedAt: '2026-05-02T' + at + ':00.000Z' }, { part: part + 1 }));
    if (run.trueAt) return [claim(run.id, { distanceM, startedAt: '2026-05-02T' + run.trueAt + ':00.000Z' })];
    return [claim(run.id, { distanceM, deviceModel: 'Stride 2' })];`,
};

describe('a dry run', () => {
  it('shows field by field what a changed mapping would change, and changes nothing', async () => {
    const stage = await filled(['ath_1']);
    const before = await stage.activities('ath_1');
    const rev = await stage.rev('ath_1');
    await stage.install(CORRECTED);
    const { changes, report } = await renormalise(stage, { dryRun: true });
    const [a] = Object.entries(before).filter(([, data]) => (data as { distanceM: number }).distanceM === 1_000);
    expect(changes.find(({ id }) => id === a?.[0])).toEqual({
      athleteId: 'ath_1',
      kind: 'activity',
      id: a?.[0],
      change: 'changed',
      into: null,
      day: '2026-05-02',
      fields: expect.arrayContaining([{ field: 'distanceM', old: 1_000, new: 914.4 }]),
    });
    expect(report).toMatchObject({ dryRun: true, stopped: false, objects: changes.length });
    expect(report.plugins).toMatchObject([{ plugin: 'stride', mappingVersion: 2, envelopes: 7, read: 7, failed: [] }]);
    expect(await stage.rev('ath_1')).toBe(rev);
    expect(await stage.activities('ath_1')).toEqual(before);
    expect((await renormalise(stage, { dryRun: true })).report.plugins[0]?.envelopes).toBe(7);
  });

  it('is true: the objects after applying are those it showed', async () => {
    const stage = await filled();
    const before = { ath_1: await stage.activities('ath_1'), ath_2: await stage.activities('ath_2') };
    await stage.install(CORRECTED);
    const { changes } = await renormalise(stage, { dryRun: true });
    expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(['changed', 'deleted', 'new', 'joined']));
    await renormalise(stage);
    for (const athleteId of ['ath_1', 'ath_2'] as const) {
      const shown = changes.filter((each) => each.athleteId === athleteId && each.kind === 'activity');
      expect(contents(await stage.activities(athleteId))).toEqual(patched(before[athleteId], shown));
    }
  });
});

describe('applying a changed mapping', () => {
  it('gives what reading everything with it from the start would have given', async () => {
    const stage = await filled(['ath_1']);
    await stage.install(CORRECTED);
    await renormalise(stage);
    const fresh = await strideHub(CORRECTED);
    const user = 'user-ath_1';
    await fresh.connect('ath_1', user);
    await fresh.accept([
      { user, id: 'a', metres: 1_000, at: '06:00' },
      { user, id: 'b', metres: 2_500, at: '08:00' },
      { user, id: 'twins', metres: 3_000, at: '12:00', parts: ['12:00', '16:00'] },
      { user, id: 'late', metres: 4_000, at: '18:00', trueAt: '20:00' },
      { user, id: 'late-copy', metres: 4_000, at: '20:00', watch: 2 },
    ]);
    await fresh.rest();
    expect(contents(await stage.activities('ath_1'))).toEqual(contents(await fresh.activities('ath_1')));
  });

  it('goes on where it was stopped, and changes nothing when it is run once more', async () => {
    const stage = await filled();
    await stage.install(CORRECTED);
    const stop = new AbortController();
    const first = await renormalise(stage, {
      signal: stop.signal,
      onProgress: (done) => done === 4 && stop.abort(),
    });
    expect(first.report.stopped).toBe(true);
    const read = first.report.plugins[0]?.read ?? 0;
    expect(read).toBeGreaterThanOrEqual(4);
    expect(read).toBeLessThan(14);
    await stage.install(CORRECTED);
    const second = await renormalise(stage);
    expect(second.report).toMatchObject({ stopped: false, plugins: [{ envelopes: 14 - read, read: 14 - read }] });
    const whole = await filled();
    await whole.install(CORRECTED);
    await renormalise(whole);
    const revs = [await stage.rev('ath_1'), await stage.rev('ath_2')];
    for (const athleteId of ['ath_1', 'ath_2']) {
      expect(contents(await stage.activities(athleteId))).toEqual(contents(await whole.activities(athleteId)));
    }
    const third = await renormalise(stage);
    expect(third).toMatchObject({ changes: [], report: { plugins: [{ envelopes: 0, read: 0 }] } });
    expect([await stage.rev('ath_1'), await stage.rev('ath_2')]).toEqual(revs);
  });

  it('takes the newest things first, and only those asked for', async () => {
    const stage = await filled();
    await stage.install(CORRECTED);
    const one = await renormalise(stage, { athleteId: 'ath_2' });
    expect(new Set(one.changes.map(({ athleteId }) => athleteId))).toEqual(new Set(['ath_2']));
    expect(one.report.plugins).toMatchObject([{ read: 7 }]);
    expect((await renormalise(stage, { stream: 'sleeps' })).report.plugins).toMatchObject([{ read: 0 }]);
    expect((await renormalise(stage, { sinceMs: Date.now() + 60_000 })).report.plugins).toMatchObject([{ read: 0 }]);
    // Of the thing said twice the newer word is read first, so the older one changes nothing after it.
    expect(one.changes.filter(({ fields }) => fields.some((each) => each.new === 1_828.8))).toEqual([]);
  });

  it('leaves what it cannot read as it was, and tries it again the next time', async () => {
    const stage = await filled(['ath_1']);
    const before = await stage.activities('ath_1');
    await stage.install({ mappingVersion: 2, mapping: `if (run.id === 'a') throw new Error('x'); ${PLAIN_MAPPING}` });
    const { report } = await renormalise(stage);
    expect(report.plugins).toMatchObject([{ read: 6, failed: [{ stream: 'runs', code: 'normalise_failed' }] }]);
    expect(await stage.activities('ath_1')).toEqual(before);
    await stage.install(CORRECTED_SLIGHTLY);
    expect((await renormalise(stage)).report.plugins).toMatchObject([{ envelopes: 7, read: 7, failed: [] }]);
  });

  it('reads history that was kept when its connection ended, and nothing that was erased', async () => {
    const stage = await filled();
    const { store } = await stage.beside();
    const [kept, erased] = [(await store.connection('con_1'))!, (await store.connection('con_2'))!];
    await stage.hub().connect.disconnect({ athleteId: 'ath_1', connectionId: kept.connectionId, erase: false });
    await stage.install(CORRECTED);
    let isErased = false;
    const { report } = await renormalise(stage, {
      onProgress: async () => {
        if (isErased) return;
        isErased = true;
        await stage.hub().connect.disconnect({ athleteId: 'ath_2', connectionId: erased.connectionId, erase: true });
      },
    });
    await stage.rest();
    expect(report.plugins[0]?.failed).toEqual([]);
    expect(await stage.activities('ath_2')).toEqual({});
    expect(Object.keys(await stage.activities('ath_1'))).not.toHaveLength(0);
    expect(JSON.stringify(await stage.activities('ath_1'))).toContain('914.4');
  });
});

const CORRECTED_SLIGHTLY = { mappingVersion: 3, mapping: PLAIN_MAPPING };
