import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorld, settle } from '../testing/phone.test-support.ts';

describe('a snapshot', () => {
  it('replaces what is here, sweeps what is gone, and keeps the outbox', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 3;
    for (let i = 0; i < 8; i++) hub.device('activity', `act_${i}`, { sport: 'run', title: 'old' });
    const { coach } = phone();
    await coach.sync();
    hub.removeWithoutTrace('activity', 'act_3');
    hub.device('activity', 'act_4', { title: 'new' });
    hub.floor = 1_000; // the cursor has expired
    let mine: Promise<string> | undefined;
    hub.faults.push(
      () => undefined,
      () => {
        mine = coach.activities.log({ sport: 'run', title: 'mine' });
        hub.floor = 0;
        return undefined;
      },
    );
    expect(await coach.sync()).toMatchObject({ state: 'idle' });
    const id = await mine!;
    const titles = Object.fromEntries((await coach.activities.list()).map((run) => [run.id, run.data.title]));
    expect(Object.keys(titles).sort()).toEqual(
      ['act_0', 'act_1', 'act_2', 'act_4', 'act_5', 'act_6', 'act_7', id].sort(),
    );
    expect(titles).toMatchObject({ act_4: 'new', [id]: 'mine' });
  });

  it('shows everything that is here while it comes page by page', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 3;
    for (let i = 0; i < 8; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    hub.removeWithoutTrace('activity', 'act_7');
    hub.floor = 1_000;
    const seen: number[] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    hub.faults.push(
      () => undefined,
      () => {
        hub.floor = 0;
        return undefined;
      },
    );
    await coach.sync();
    await settle();
    expect(seen.every((count) => count === 8 || count === 7)).toBe(true);
    expect(seen.at(-1)).toBe(7);
  });

  it('goes on where it was when the app was closed in the middle', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 3;
    for (let i = 0; i < 8; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
    const one = phone();
    hub.faults.push(
      () => undefined,
      () => ({ status: 502 }),
    );
    expect(await one.coach.sync()).toMatchObject({ state: 'offline', pages: 1 });
    await one.restart();
    expect(await one.coach.sync()).toMatchObject({ state: 'idle', pages: 2, pulled: 5 });
    expect(await one.coach.activities.list()).toHaveLength(8);
  });

  it('keeps a row with a pending change that it did not bring, until the change is settled', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { sport: 'run' });
    hub.device('activity', 'act_2', { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    hub.removeWithoutTrace('activity', 'act_1');
    hub.floor = 1_000;
    let edit: Promise<void> | undefined;
    hub.faults.push(() => {
      edit = coach.activities.edit('act_1', { rpe: 5 });
      return undefined;
    });
    hub.faults.push(() => {
      hub.floor = 0;
      return { status: 502 };
    });
    await coach.sync();
    await edit;
    expect(await coach.activities.get('act_1')).toMatchObject({ data: { sport: 'run', rpe: 5 }, pending: true });
    expect(await coach.sync()).toMatchObject({ rejected: 1 });
    expect(await coach.activities.get('act_1')).toBeNull();
    expect(await coach.deadLetters()).toMatchObject([{ id: 'act_1', code: 'not_found' }]);
  });
});

describe('409 epoch_mismatch: a hub restored from an older backup', () => {
  it('gets again what it acknowledged and lost, with the same mids, and is then read anew', async () => {
    const { hub, phone } = createWorld();
    hub.strictEpoch = true;
    const { coach } = phone();
    await coach.activities.log({ sport: 'run', title: 'in the backup' });
    await coach.sync();
    const restore = hub.backup();
    const lost = await coach.activities.log({ sport: 'run', title: 'lost' });
    await coach.sync();
    hub.device('activity', 'act_watch', { title: 'only after the backup' });
    await coach.sync();
    const sent = hub.requests.flatMap((request) => request.body.push?.batch ?? []);
    restore();
    expect(hub.view('activity', lost)).toBeNull();

    await coach.activities.log({ sport: 'run', title: 'new' });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 3 });

    const again = hub.requests.at(-1)?.body.push?.batch;
    expect(again?.map((mutation) => mutation.set?.title)).toEqual(['in the backup', 'lost', 'new']);
    expect(again?.[1]?.mid).toBe(sent.find((mutation) => mutation.set?.title === 'lost')?.mid);
    expect((await coach.activities.list()).map((run) => run.data.title).sort()).toEqual([
      'in the backup',
      'lost',
      'new',
    ]);
    expect(hub.view('activity', lost)?.data.title).toBe('lost');
  });

  it('is noticed without a push as well, by what the hub says it holds', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run', title: 'in the backup' });
    await coach.sync();
    const restore = hub.backup();
    const lost = await coach.activities.log({ sport: 'run', title: 'lost' });
    await coach.sync();
    restore();
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 2 });
    expect(hub.view('activity', lost)?.data.title).toBe('lost');
    expect(await coach.activities.list()).toHaveLength(2);
  });

  it('is read anew from the start when it is restored again in the middle of that', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 2;
    const restore = hub.backup();
    const { coach } = phone();
    for (const id of ['act_1', 'act_2', 'act_3']) hub.device('activity', id, { sport: 'run' });
    await coach.sync();
    const again = hub.backup();
    again();
    hub.faults.push(
      () => undefined,
      () => {
        restore();
        return undefined;
      },
    );
    await coach.sync();
    expect(await coach.activities.list()).toEqual([]);
  });

  it('gets back under its own id what was sent for a run that it has not joined with another yet', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_watch', { distanceM: 10_120 });
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    const restore = hub.backup();
    await coach.activities.edit(id, { rpe: 9 });
    hub.faults.push(() => 'lose');
    await coach.sync();
    hub.join('activity', id, 'act_watch');
    await coach.sync();
    expect(await coach.activities.list()).toHaveLength(1);
    restore();
    hub.terse = true;
    await coach.sync();
    await coach.sync();
    expect((await coach.activities.get(id))?.data).toMatchObject({ sport: 'run', rpe: 9 });
    expect((await coach.activities.get('act_watch'))?.data).toEqual({ distanceM: 10_120 });
  });

  it('gets everything, though it calls seqs durable that a copy of this phone has used meanwhile', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const restore = hub.backup();
    const id = await coach.activities.log({ sport: 'run', title: 'only before the restore' });
    await coach.sync();
    const [clientId] = Object.keys(hub.state.clients);
    restore();
    hub.state.clients[clientId!] = { ackSeq: 1, mids: { 1: 'a change of the copy' } };
    hub.durableSeq = 1;
    await coach.activities.log({ sport: 'run', title: 'after' });
    await coach.sync();
    await coach.sync();
    expect(hub.view('activity', id)?.data.title).toBe('only before the restore');
  });

  it('does not replay what a backup is known to hold', async () => {
    const { hub, phone } = createWorld();
    const { coach, rows } = phone();
    await coach.activities.log({ sport: 'run' });
    await coach.sync();
    await coach.activities.log({ sport: 'run' });
    hub.durableSeq = 1;
    await coach.sync();
    expect(await rows('SELECT seq FROM journal')).toEqual([{ seq: 2 }]);
  });
});

describe('409 seq_gap', () => {
  it('rewinds to what the hub expects, out of the journal', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (const title of ['one', 'two', 'three']) {
      await coach.objects.put('gear', `gear_${title}`, { title });
      await coach.sync();
    }
    const [client] = Object.values(hub.state.clients);
    client!.ackSeq = 1;
    for (const title of ['two', 'three']) {
      hub.removeWithoutTrace('gear', `gear_${title}`);
    }
    hub.state.mutations = {};
    await coach.objects.put('gear', 'gear_four', { title: 'four' });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 3 });
    expect(hub.requests.at(-1)?.body.push?.batch.map((mutation) => [mutation.seq, mutation.set?.title])).toEqual([
      [2, 'two'],
      [3, 'three'],
      [4, 'four'],
    ]);
    expect(hub.view('gear', 'gear_two')).not.toBeNull();
  });

  it('goes on from what the hub expects when the journal has no more of it', async () => {
    const { hub, phone } = createWorld();
    const { coach, driver } = phone();
    for (const title of ['one', 'two']) {
      await coach.objects.put('gear', `gear_${title}`, { title });
      await coach.sync();
    }
    await driver.run('DELETE FROM journal');
    const [client] = Object.values(hub.state.clients);
    client!.ackSeq = 0;
    await coach.objects.put('gear', 'gear_three', { title: 'three' });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    expect(hub.requests.at(-1)?.body.push?.batch.map((mutation) => mutation.seq)).toEqual([1]);
  });

  it('is not settled for ever with a hub that keeps contradicting itself', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    for (let i = 0; i < 20; i++) hub.faults.push(() => ({ status: 409, code: 'seq_gap', expected: 1 }));
    expect(await coach.sync()).toMatchObject({ state: 'hub_refused' });
    expect(hub.requests.length).toBeLessThan(8);
    expect(await coach.status()).toMatchObject({ queued: 1 });
  });
});

describe('409 client_forked: a phone set up from another one’s backup', () => {
  it('loses nothing of either where both went on with a change that waited', async () => {
    const { folder, phone } = createWorld();
    const old = phone();
    const id = await old.coach.activities.log({ sport: 'run' });
    await old.driver.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const path = join(folder, 'clone.db');
    copyFileSync(old.path, path);
    const clone = phone({ path });
    await old.coach.activities.edit(id, { title: 'of the old phone' });
    await clone.coach.activities.edit(id, { notes: 'of the new phone' });
    for (const { coach } of [old, clone, old]) expect(await coach.sync()).toMatchObject({ state: 'idle', rejected: 0 });
    for (const { coach } of [old, clone]) {
      const shown = await coach.activities.get(id);
      expect(shown).toMatchObject({ data: { title: 'of the old phone', notes: 'of the new phone' }, pending: false });
    }
  });

  it('does not go on for ever with a hub that takes no mid', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    hub.takesNoMid = true;
    expect(await coach.sync()).toMatchObject({ state: 'hub_refused', pushed: 0, rejected: 0 });
    hub.takesNoMid = false;
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    expect(hub.view('activity', id)).not.toBeNull();
  });

  it('loses nothing of either when the hub is restored and takes the seqs of one for those of the other', async () => {
    const { folder, hub, phone } = createWorld();
    const restore = hub.backup();
    const old = phone();
    await old.coach.status();
    await old.driver.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const path = join(folder, 'clone.db');
    copyFileSync(old.path, path);
    const clone = phone({ path });
    const first = await old.coach.activities.log({ sport: 'run' });
    await old.coach.sync();
    restore();
    await clone.coach.activities.log({ sport: 'run' });
    await clone.coach.sync();
    for (const { coach } of [old, clone]) await coach.sync();
    expect(hub.view('activity', first)).not.toBeNull();
    expect(await clone.coach.activities.list()).toHaveLength(2);
  });

  it('takes a new client id and sends its queue again, so that both phones’ changes arrive', async () => {
    const { folder, hub, phone } = createWorld();
    const old = phone();
    await old.coach.activities.log({ sport: 'run', title: 'before' });
    await old.coach.sync();
    await old.driver.run('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined);
    await old.driver.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const path = join(folder, 'clone.db');
    copyFileSync(old.path, path);
    const clone = phone({ path });
    await old.coach.activities.log({ sport: 'run', title: 'old phone' });
    await clone.coach.activities.log({ sport: 'run', title: 'new phone' });
    await old.coach.sync();
    expect(await clone.coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    await old.coach.sync();
    for (const { coach } of [old, clone]) {
      const titles = (await coach.activities.list()).map((run) => run.data.title).sort();
      expect(titles).toEqual(['before', 'new phone', 'old phone']);
    }
    expect(Object.keys(hub.state.clients)).toHaveLength(2);
  });

  it('keeps the journal of the old client id for a later restore of the hub', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const restore = hub.backup();
    const first = await coach.activities.log({ sport: 'run', title: 'under the old id' });
    await coach.sync();
    hub.faults.push(() => ({ status: 409, code: 'client_forked' }));
    const second = await coach.activities.log({ sport: 'run', title: 'under the new id' });
    await coach.sync();
    restore();
    await coach.sync();
    expect(hub.view('activity', first)).not.toBeNull();
    expect(hub.view('activity', second)).not.toBeNull();
  });
});
