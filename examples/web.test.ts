/** The page in a real browser, with the network cut and restored. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyPlan, silentLog } from '@coach-hub/core';
import { plugin as sqlStore } from '@coach-hub/plugin-sql-store';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openBrowser } from './browser.test-support.ts';
import { startHub } from './hub.test-support.ts';
import { serve } from './web/serve.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A zone where it is about noon, so that no date ends while the test runs. */
const HOURS_AHEAD = 12 - new Date().getUTCHours();
const TIME_ZONE = `Etc/GMT${HOURS_AHEAD > 0 ? '-' : '+'}${Math.abs(HOURS_AHEAD)}`;
const localDay = (ms: number) => new Date(ms + HOURS_AHEAD * HOUR_MS).toISOString().slice(0, 10);

/** A watch's record of today's run, as a file. */
function recordedRun(startedAt: string, distanceM: number): Uint8Array {
  const at = (minutes: number) => new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
  const points = Array.from(
    { length: 61 },
    (_, minute) =>
      `<Trackpoint><Time>${at(minute)}</Time><DistanceMeters>${(distanceM * minute) / 60}</DistanceMeters>` +
      `<HeartRateBpm><Value>${140 + (minute % 9)}</Value></HeartRateBpm></Trackpoint>`,
  );
  return Buffer.from(
    `<?xml version="1.0"?><TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>` +
      `<Activity Sport="Running"><Id>${startedAt}</Id><Lap StartTime="${startedAt}"><TotalTimeSeconds>3600</TotalTimeSeconds>` +
      `<DistanceMeters>${distanceM}</DistanceMeters><Track>${points.join('')}</Track></Lap></Activity></Activities></TrainingCenterDatabase>`,
  );
}

it('keeps what is written offline through a reload, sends it when the network is back, and shows what the watch measured', async () => {
  const { folder, hub, url, token } = await startHub();
  const nowMs = Date.now();
  const athleteId = await hub.athletes.ofSubject('example', 'ann');
  const opened = await sqlStore.open({ url: join(folder, 'data'), now: Date.now, random: Math.random, log: silentLog });
  onTestFinished(() => opened.close());
  const titles = ['Easy', 'Tempo', 'Long run'];
  await applyPlan(
    opened.store,
    {
      athleteId,
      engine: 'periodization',
      planKey: 'spring',
      readVersion: 0,
      plan: {},
      workouts: titles.map((title, at) => ({ day: localDay(nowMs + (2 * at - 2) * DAY_MS), title, sport: 'run' })),
      effectiveFrom: localDay(nowMs - 7 * DAY_MS),
      today: localDay(nowMs - 7 * DAY_MS),
    },
    { newId: (kind) => `${kind}_1` },
  );
  const page = await serve({ folder: join(folder, 'page'), hubUrl: url, athleteId, token });
  onTestFinished(() => page.close());

  const context = await (await openBrowser()).newContext({
    timezoneId: TIME_ZONE,
    viewport: { width: 720, height: 900 },
  });
  const tab = await context.newPage();
  const problems: string[] = [];
  tab.on('pageerror', (error) => problems.push(error.message));
  await tab.goto(page.url);
  const status = tab.locator('#status');
  await status.filter({ hasText: 'idle · all sent' }).waitFor();
  await tab.locator('#week .day', { hasText: 'Tempo' }).first().waitFor();
  await tab.evaluate('navigator.serviceWorker.ready.then(() => true)');

  await context.setOffline(true);
  await tab.locator('[name=km]').fill('10');
  await tab.locator('[name=rpe]').fill('6');
  await tab.locator('[name=notes]').fill('windy');
  await tab.getByRole('button', { name: 'Save' }).click();
  const run = tab.locator('#runs .run');
  await run.filter({ hasText: 'waits to be sent' }).waitFor();

  await tab.reload();
  await run.filter({ hasText: '10.00 km' }).waitFor();
  await run.locator('select').selectOption('8');
  await status.filter({ hasText: 'offline' }).waitFor();

  await context.setOffline(false);
  await status.filter({ hasText: 'idle · all sent' }).waitFor({ timeout: 30_000 });
  const stored = await hub.objects.list(athleteId, 'activity', {});
  expect(stored.map(({ data }) => data)).toMatchObject([{ distanceM: 10_000, rpe: 8, notes: 'windy', sport: 'run' }]);

  await hub.importer.importFile({
    athleteId,
    fileName: 'watch.tcx',
    bytes: recordedRun(new Date(nowMs - 3 * HOUR_MS).toISOString(), 10_120),
    timeZone: TIME_ZONE,
  });
  await run.filter({ hasText: '10.12 km' }).filter({ hasText: 'you typed 10.00 km' }).waitFor({ timeout: 20_000 });
  expect(await run.locator('select').inputValue()).toBe('8');

  await tab.getByRole('button', { name: /Done: Tempo/ }).click();
  await vi.waitUntil(async () => (await hub.objects.list(athleteId, 'completion', {})).length === 1, {
    timeout: 20_000,
  });
  await tab.locator('#week .day .soft', { hasText: 'done' }).waitFor();
  await status.filter({ hasText: 'idle · all sent' }).waitFor({ timeout: 20_000 });
  expect(problems).toEqual([]);

  if (process.env.COACH_SCREENSHOTS) {
    const pictures = fileURLToPath(new URL('../docs/pictures', import.meta.url));
    mkdirSync(pictures, { recursive: true });
    await tab.screenshot({ path: join(pictures, 'web-example.png'), fullPage: true });
  }
}, 120_000);

it('shows on a page of React what is in the database, as it changes there and at the hub', async () => {
  const { folder, hub, url, token } = await startHub();
  const athleteId = await hub.athletes.ofSubject('example', 'ann');
  const page = await serve({ folder: join(folder, 'page'), hubUrl: url, athleteId, token });
  onTestFinished(() => page.close());
  const tab = await (await openBrowser()).newPage();
  await tab.goto(`${page.url}hooks.html`);
  await tab.locator('#status', { hasText: 'idle, 0 waiting' }).waitFor();
  await tab.getByRole('button').click();
  await tab.locator('li', { hasText: 'Run 1' }).waitFor();
  await tab.getByRole('button').click();
  await tab.locator('li', { hasText: 'Run 2' }).waitFor();
  await vi.waitUntil(async () => (await hub.objects.list(athleteId, 'activity', {})).length === 2, { timeout: 20_000 });
  await tab.locator('#units', { hasText: 'no units' }).waitFor();
  const other = { athleteId, clientId: 'another-phone', schemaVersion: 1 };
  const mutation = {
    mid: 'another-1',
    stamp: `${Date.now()}:0000`,
    kind: 'settings',
    id: 'settings',
    op: 'put',
  } as const;
  await hub.sync.push(other, { epoch: null, batch: [{ ...mutation, set: { units: 'imperial' } }] });
  await tab.locator('#units', { hasText: 'imperial' }).waitFor({ timeout: 20_000 });
}, 120_000);
