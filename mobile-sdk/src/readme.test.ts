import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openBetterSqlite3 } from './drivers/better-sqlite3.ts';
import { createCoach } from './index.ts';
import { createWorld } from './testing/phone.test-support.ts';

it('the example of the README logs a run offline and sends it', async () => {
  const { folder, hub } = createWorld();
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1]?.replaceAll(/^import .*$/gm, '') ?? '';
  const printed: string[] = [];
  const given = {
    createCoach,
    openBetterSqlite3,
    file: join(folder, 'readme.db'),
    baseUrl: 'https://hub.test',
    token: 'token',
    console: { log: (line: string) => void printed.push(line) },
  };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

  vi.stubGlobal('fetch', hub.fetch);
  await new AsyncFunction(...Object.keys(given), code)(...Object.values(given));
  vi.unstubAllGlobals();

  expect(printed[0]).toBe('0 on the screen');
  expect(printed).toContain('1 on the screen');
  expect(printed.at(-1)).toMatch(/^idle, \d sent$/);
  const activities = Object.values(hub.state.objects).filter(({ kind }) => kind === 'activity');
  expect(activities.map(({ kind, id }) => hub.view(kind, id)?.data)).toMatchObject([
    { sport: 'run', distanceM: 10_000, rpe: 7, notes: 'windy' },
  ]);
});
