import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { issueAthleteToken } from '@coach-hub/server';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { emptyFolder, type Running, startCoach } from '../testing/coach.test-support.ts';
import { endlessPlugin } from '../testing/stranger-plugins.test-support.ts';

const SECRET = 'a-webhook-secret-of-thirty-two-letters';
const JWT_SECRET = 'a-shared-secret-of-more-than-thirty-two-letters';

interface Stage {
  cwd: string;
  url: string;
  running: Running;
  phone: { [header: string]: string };
}

async function serving(drain: object, cwd = emptyFolder()): Promise<Stage> {
  writeFileSync(join(cwd, 'coach.config.json'), JSON.stringify({ port: 0, drain }));
  const env = { COACH_ENDLESS_WEBHOOK_SECRET: SECRET, COACH_JWT_SECRET: JWT_SECRET };
  const running = startCoach(['serve', '--json', '--plugin', endlessPlugin(emptyFolder())], { cwd, env });
  await running.says('"loopback"');
  const { url } = JSON.parse(running.stdout()) as { url: string };
  const clock = { now: () => Date.now() };
  const token = await issueAthleteToken({ secret: JWT_SECRET, issuer: 'app', subject: 'ann', ttlS: 600, clock });
  const phone = { authorization: `Bearer ${token}`, 'sync-protocol': '1', 'sync-client': 'c_phone-0001' };
  return { cwd, url, running, phone };
}

/** A sync whose body is on its way: the head and half of it now, the rest when asked for. */
async function slowSync({ url, phone }: Stage): Promise<{ rest(): void; answer: Promise<string> }> {
  const body = JSON.stringify({ sentAt: '2026-03-01T06:00:00.000Z', pull: { cursor: null } });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = Object.entries({ ...phone, host: hostname, 'content-length': String(body.length) });
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`POST /v1/sync HTTP/1.1\r\ncontent-type: application/json\r\n${lines}\r\n${body.slice(0, 9)}`, () =>
      resolve(),
    );
  });
  return { rest: () => void socket.write(body.slice(9)), answer: closed };
}

/** Everything an event stream tells, until it ends. Resolves when the stream is open. */
async function openEvents({ url, phone }: Stage): Promise<{ told: Promise<string> }> {
  const issued = await fetch(`${url}/v1/sync/ticket`, { method: 'POST', headers: phone });
  const { ticket } = (await issued.json()) as { ticket: string };
  const answer = await fetch(`${url}/v1/sync/events?ticket=${ticket}`);
  return { told: answer.text() };
}

const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('a hub that is told to stop', () => {
  it('says so, answers what it was asked, ends its streams with a bye, and ends with 0', async () => {
    const stage = await serving({ noticeMs: 700 });
    const { url, running, phone } = stage;
    const stream = await openEvents(stage);
    const head = (await (await fetch(`${url}/v1/sync/head`, { headers: phone })).json()) as { rev: number };
    const longPoll = fetch(`${url}/v1/sync/head?after=${head.rev}`, { headers: phone });
    const slow = await slowSync(stage);

    const ended = running.stop('SIGTERM');
    await until(async () => (await fetch(`${url}/readyz`)).status === 503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await until(() =>
      fetch(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    slow.rest();

    expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"pull":/);
    expect((await longPoll).status).toBe(200);
    expect(await stream.told).toMatch(/event: bye\ndata: \{\}\n\n$/);
    const { code, stderr } = await ended;
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; message: string });
    expect({ code, last: lines.slice(-2).map(({ message }) => message) }).toEqual({
      code: 0,
      last: ['stopping', 'stopped'],
    });
    expect(lines.filter(({ level, message }) => level === 'error' && message !== 'plugin set aside')).toEqual([]);
  });

  it('loses no delivery it acknowledged, and finishes them when it starts again', async () => {
    const cwd = emptyFolder();
    const { url, running } = await serving({ noticeMs: 0 }, cwd);
    const send = (at: number) =>
      fetch(`${url}/webhooks/endless/${SECRET}`, { method: 'POST', body: `in split: ${at}` }).then(
        ({ status }) => status,
      );
    const sent = await Promise.all(Array.from({ length: 30 }, (_, at) => send(at)));
    const { code } = await running.stop('SIGTERM');
    expect({ code, acknowledged: sent.filter((status) => status === 200).length }).toEqual({
      code: 0,
      acknowledged: 30,
    });

    const again = await serving({ noticeMs: 0 }, cwd);
    const letters = () => rows(cwd, 'select count(*) as n from dead_letter');
    await until(async () => letters()[0]?.n === 30);
    await again.running.stop();
    expect(rows(cwd, 'select count(*) as n from delivery')).toEqual([{ n: 0 }]);
  });

  it('gives up work that does not end, keeps it for the next start, and still ends with 0', async () => {
    const stage = await serving({ noticeMs: 0, workMs: 300 });
    connectEndless(stage.cwd);
    await fetch(`${stage.url}/webhooks/endless/${SECRET}`, { method: 'POST', body: 'x'.repeat(300_000) });
    await until(async () => rows(stage.cwd, `select count(*) as n from envelope where state = 'new'`)[0]?.n === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { code } = await stage.running.stop('SIGINT');
    expect(code).toBe(0);
    expect(rows(stage.cwd, 'select state from envelope')).toEqual([{ state: 'new' }]);
    expect(rows(stage.cwd, 'select count(*) as n from dead_letter')).toEqual([{ n: 0 }]);
  });

  it('told a second time ends at once', async () => {
    const stage = await serving({ noticeMs: 0, requestsMs: 600_000 });
    const slow = await slowSync(stage);
    const ended = stage.running.stop('SIGTERM');
    await until(() =>
      fetch(`${stage.url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    void stage.running.stop('SIGTERM');
    expect((await ended).code).toBe(130);
    await slow.answer;
  });
});

function connectEndless(cwd: string): void {
  const database = new BetterSqlite3(join(cwd, '.coach/data/coach.db'));
  database
    .prepare(
      `insert into connection (connection_id, athlete_id, plugin, state, generation, identity, permissions)
       values ('con_1', 'ann', 'endless', 'connected', 1, 'somebody', '[]')`,
    )
    .run();
  database.close();
}

function rows(cwd: string, query: string): { n?: number; state?: string }[] {
  const database = new BetterSqlite3(join(cwd, '.coach/data/coach.db'), { readonly: true });
  try {
    return database.prepare(query).all() as { n?: number; state?: string }[];
  } finally {
    database.close();
  }
}
