/** Two `coach serve` on one PostgreSQL database: what one commits the other's phones are told, and one is enough. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDatabase, serverUrl } from '@coach-hub/plugin-sql-store/own-databases';
import { issueAthleteToken } from '@coach-hub/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHubClient } from '../demo/hub-client.ts';
import { createPhone } from '../demo/phone.ts';
import { DEVELOPMENT_ISSUER } from '../project/issue-token.ts';
import type { KeyFile } from '../project/key-file.ts';
import { emptyFolder, startCoach } from '../testing/coach.test-support.ts';

const CLOCK = { now: () => Date.now() };
const RANDOM = {
  bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  next: () => Math.random(),
  uuid: () => crypto.randomUUID(),
};

/** What a client of the sync protocol says of itself. */
const HEADERS = { 'sync-protocol': '1', 'sync-client': 'c_events-0001', 'sync-schema': '1' };

const server = await serverUrl();
if (server === null) console.warn('skipped: two hubs on one database; there is no PostgreSQL here.');

async function twoHubs() {
  const cwd = emptyFolder();
  const { url, drop } = await newDatabase(server!);
  onTestFinished(drop);
  const serve = async () => {
    const running = startCoach(['serve', '--port', '0'], { cwd, env: { COACH_DB: url } });
    const hub = await running.says('Ctrl-C stops it.');
    return { running, url: /http:\/\/127\.0\.0\.1:\d+/.exec(hub)![0] };
  };
  const first = await serve();
  const second = await serve();
  onTestFinished(async () => {
    await Promise.all([first, second].map(({ running }) => running.stop('SIGKILL')));
  });
  const { jwtSecret } = JSON.parse(readFileSync(join(cwd, '.coach/data/keys.json'), 'utf8')) as KeyFile;
  const token = await issueAthleteToken({
    secret: jwtSecret,
    issuer: DEVELOPMENT_ISSUER,
    subject: 'ann',
    ttlS: 600,
    clock: CLOCK,
  });
  const phoneAt = (hubUrl: string, name: string) => {
    const ports = { clock: CLOCK, random: RANDOM };
    const phone = createPhone({ file: join(cwd, `${name}.db`), hubUrl, token, ports });
    onTestFinished(() => phone.close());
    return phone;
  };
  return { first, second, token, phoneAt };
}

/** Resolves once the stream holds the text. */
async function reads(stream: AsyncIterable<Uint8Array>, text: string): Promise<void> {
  let read = '';
  for await (const chunk of stream) {
    read += new TextDecoder().decode(chunk);
    if (read.includes(text)) return;
  }
  throw new Error(`The stream ended without "${text}": ${read}`);
}

describe.skipIf(server === null)('two hubs on one database', () => {
  it('poke each other’s phones, and the other goes on when one is killed', async () => {
    const { first, second, token, phoneAt } = await twoHubs();
    const phone = phoneAt(first.url, 'phone');
    const tablet = phoneAt(second.url, 'tablet');
    await tablet.coach.sync();

    const { ticket } = await createHubClient({ url: second.url, token, headers: HEADERS }).post<{ ticket: string }>(
      '/v1/sync/ticket',
      {},
    );
    const events = await fetch(`${second.url}/v1/sync/events?ticket=${ticket}`);
    const poked = reads(events.body as unknown as AsyncIterable<Uint8Array>, 'event: poke');
    const startedAt = '2026-03-01T07:00:00.000Z';
    await phone.coach.activities.log({ sport: 'run', startedAt, distanceM: 10_000, title: 'Told to the first' });
    expect((await phone.coach.sync()).state).toBe('idle');
    await poked;

    await first.running.stop('SIGKILL');
    expect((await tablet.coach.sync()).state).toBe('idle');
    const titles = (await tablet.coach.activities.list()).map(({ data }) => data.title);
    expect(titles).toEqual(['Told to the first']);
  });
});
