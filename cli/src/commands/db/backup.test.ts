import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupManifest, WireObject } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import type { HubClient } from '../../demo/hub-client.ts';
import type { Phone } from '../../demo/phone.ts';
import type { RestoreReport } from '../../project/back-up.ts';
import { coach, coachJson } from '../../testing/coach.test-support.ts';
import { servedHub } from '../../testing/served-hub.test-support.ts';

const ATHLETES = ['ann', 'bob'];
/** What the vendor sends of a run. */
const FORMS = ['file', 'summary'];
/** Between two steps of the load: the machine has other tests to run. */
const PAUSE_MS = 150;

interface Athlete {
  subject: string;
  api: HubClient;
  phone: Phone;
  userId: string;
  /** Acknowledged logs, by id. */
  logged: Map<string, string>;
}

/** One typed run, acknowledged. Hours apart, so that no two are taken for one. */
async function logAndSync({ phone, logged, subject }: Athlete, n: number): Promise<void> {
  const startedAt = new Date(Date.UTC(2026, 0, 1, n * 3)).toISOString();
  const title = `${subject} ${n}`;
  const id = await phone.coach.activities.log({ sport: 'run', startedAt, distanceM: 5_000 + n, rpe: 5, title });
  const { state } = await phone.coach.sync();
  if (state === 'idle') logged.set(id, title);
}

async function objectsOf({ api }: Athlete): Promise<WireObject[]> {
  return (await api.get<{ objects: WireObject[] }>('/v1/objects/activity?limit=200')).objects;
}

/** What an athlete sees, without what a hub numbers for itself. */
function contentOf(objects: readonly { data: { [field: string]: unknown } }[]): string[] {
  return objects.map(({ data }) => JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

/** A watch's run is whole when its file is there, not only the summary that came before it. */
function areWhole(objects: readonly WireObject[], count: number): boolean {
  const watched = objects.filter(({ data }) => data.title === undefined);
  return objects.length === count && watched.every(({ data }) => data.deviceFirmware !== undefined);
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > until) throw new Error('It did not come to hold within 30 s.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a hub that is lost and restored elsewhere from a backup taken while it worked', () => {
  it('has everything again that was acknowledged, once the phones have come back and the vendor has sent again', async () => {
    const hub = await servedHub();
    const { cwd, env, provider } = hub;
    const running = await hub.serve('data');
    const athletes = await Promise.all(
      ATHLETES.map(async (subject): Promise<Athlete> => {
        const athlete = await hub.athlete(subject, 'data');
        return { subject, ...athlete, userId: await hub.connect(athlete.api, subject), logged: new Map() };
      }),
    );
    const watchRun = ({ userId }: Athlete, n: number) =>
      provider.fake.act('run', {
        userId,
        durationS: 60,
        distanceM: 200 + n,
        start: new Date(Date.UTC(2025, 5, 1, n * 3)).toISOString(),
        deliver: FORMS,
      });

    // Phones and webhooks, before the backup, while it is taken, and after it.
    let isOver = false;
    const steps = new Map(ATHLETES.map((subject) => [subject, 0]));
    const load = athletes.map(async (athlete) => {
      for (let n = 1; !isOver; n += 1) {
        await Promise.all([logAndSync(athlete, n), n % 3 === 0 ? watchRun(athlete, n) : null]);
        steps.set(athlete.subject, n);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    });
    const everyoneAt = (n: number) => eventually(async () => [...steps.values()].every((step) => step >= n));
    await everyoneAt(4);
    const backup = await coach(['db', 'backup', 'backup'], { cwd, env: { ...env, COACH_DATA: 'data' } });
    expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining('Backup taken') });
    const held = Math.max(...steps.values());
    await everyoneAt(held + 4);
    isOver = true;
    await Promise.all(load);
    const manifest = JSON.parse(readFileSync(join(cwd, 'backup/manifest.json'), 'utf8')) as BackupManifest;

    // Acknowledged edits of what the backup holds, and one change that never got away.
    for (const { phone, logged } of athletes) {
      const [first = ''] = logged.keys();
      await phone.coach.activities.edit(first, { rpe: 9 });
      expect(await phone.coach.sync()).toMatchObject({ state: 'idle' });
    }
    await provider.fake.act('settle', {});
    const watched = [...steps.values()].reduce((sum, n) => sum + Math.floor(n / 3), 0);
    const all = async () => (await Promise.all(athletes.map(objectsOf))).flat();
    const typed = athletes.reduce((sum, { logged }) => sum + logged.size, 0);
    await eventually(async () => areWhole(await all(), typed + watched));
    for (const { phone } of athletes) await phone.coach.sync();
    const before = contentOf(await all());
    await running.stop('SIGKILL');
    const offline = await athletes[0]!.phone.coach.activities.log({ sport: 'run', title: 'while it was gone' });
    expect(await athletes[0]!.phone.coach.sync()).toMatchObject({ state: 'offline' });

    // The keys are kept elsewhere, and come first.
    mkdirSync(join(cwd, 'restored'));
    const refused = await coach(['db', 'restore', 'backup', '--data', 'restored'], { cwd, env });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('code  key_missing') });
    copyFileSync(join(cwd, 'data/keys.json'), join(cwd, 'restored/keys.json'));
    const restored = await coachJson<RestoreReport>(['db', 'restore', 'backup', '--data', 'restored'], { cwd, env });
    expect(restored.manifest).toEqual(manifest);
    expect(restored.keys).toMatchObject([{ isKnown: true, unreadable: 0 }]);
    await hub.serve('restored');
    const kept = (await all()).length;
    expect(kept).toBeLessThan(typed + watched);

    for (const { phone } of athletes) {
      expect(await phone.coach.sync()).toMatchObject({ state: 'idle', rejected: 0 });
    }
    for (const athlete of athletes) {
      const titles = new Map((await objectsOf(athlete)).map(({ id, data }) => [id, data.title]));
      for (const [id, title] of athlete.logged) expect(titles.get(id)).toBe(title);
    }
    expect((await objectsOf(athletes[0]!)).find(({ id }) => id === offline)?.data.title).toBe('while it was gone');

    // What came from watches after the backup is the vendor's to send again; then everything is as it was.
    await provider.fake.act('redeliver', { deliver: FORMS });
    await provider.fake.act('settle', {});
    await eventually(async () => areWhole(await all(), typed + watched + 1));
    const again = (await all()).filter(({ id }) => id !== offline);
    expect(contentOf(again)).toEqual(before);
    for (const athlete of athletes) {
      await athlete.phone.coach.sync();
      expect(await athlete.phone.coach.status()).toMatchObject({ queued: 0, deadLetters: 0 });
      expect(contentOf(await athlete.phone.coach.activities.list())).toEqual(contentOf(await objectsOf(athlete)));
    }
  });
});
