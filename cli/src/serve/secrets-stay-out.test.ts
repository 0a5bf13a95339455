/**
 * A whole day of a hub, good and bad, with a secret planted in every place one can come in by. None of them may be in
 * anything the process prints at its most talkative, nor in any problem it answers, in no form.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '@coach-hub/core';
import { fake as vendor } from '@coach-hub/plugin-garmin/fake';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { formsOf } from '../log/forms-of.ts';
import { coachJson, emptyFolder, startCoach } from '../testing/coach.test-support.ts';
import { recordingProxy } from '../testing/recording-proxy.test-support.ts';
import { crashingPlugin, leakyPlugin } from '../testing/stranger-plugins.test-support.ts';

const random = (name: string) => `${name}-${randomBytes(18).toString('hex')}`;

/** By what it is. More are added as the story makes them. */
const planted = new Map<string, string | Uint8Array>();
function plant(name: string, value = random(name)): string {
  planted.set(name, value);
  return value;
}

const printed = { all: '' };
const problems: string[] = [];
let printedLines: { level: string; message: string; code?: string }[] = [];

async function ask(url: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  if (answer.status < 400) return answer;
  const text = await answer.text();
  problems.push(`${JSON.stringify([...answer.headers])}\n${text}`);
  return new Response(text, { status: answer.status, headers: answer.headers });
}

const post = (url: string, body: unknown, headers: { [name: string]: string } = {}) =>
  ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function theStory(): Promise<void> {
  const cwd = emptyFolder();
  const proxy = await recordingProxy();
  const garmin = await vendor.start({ port: 0, now: Date.now, random: Math.random, log: silentLog });
  const vaultKey = randomBytes(32);
  planted.set('vault key', vaultKey);
  const operatorKey = plant('operator key', `chk_${random('operator')}`);
  const clientSecret = plant('client secret', String(garmin.pluginConfig.clientSecret));
  const webhookSecret = plant('webhook secret', String(garmin.pluginConfig.webhookSecret));
  const leakySecret = plant('webhook secret of a stranger’s plugin');
  writeFileSync(
    join(cwd, 'coach.config.json'),
    JSON.stringify({
      port: 0,
      publicUrl: 'http://127.0.0.1:9',
      returnUrls: ['app://back'],
      pluginConfig: { garmin: { clientId: garmin.pluginConfig.clientId } },
      egress: {
        hosts: Object.fromEntries(Object.keys(garmin.hosts).map((host) => [host, proxy.url])),
        loopback: [new URL(proxy.url).host],
      },
      drain: { noticeMs: 0 },
    }),
  );
  const env = {
    COACH_LOG_LEVEL: 'debug',
    COACH_KEYS: `k1:${vaultKey.toString('base64')}`,
    COACH_JWT_SECRET: plant('JWT secret'),
    COACH_OPERATOR_KEYS: `read:${createHash('sha256').update(operatorKey).digest('hex')}`,
    COACH_GARMIN_CLIENT_SECRET: clientSecret,
    COACH_GARMIN_WEBHOOK_SECRET: webhookSecret,
    COACH_LEAKY_WEBHOOK_SECRET: leakySecret,
  };
  const plugins = ['--plugin', leakyPlugin(cwd), '--plugin', crashingPlugin(cwd, 'COACH_JWT_SECRET')];
  const running = startCoach(['serve', '--json', ...plugins], { cwd, env });
  await running.says('"loopback"');
  const { url } = JSON.parse(running.stdout()) as { url: string };
  proxy.between(garmin.url, url);
  garmin.setWebhook(`${proxy.url}/webhooks/garmin/${webhookSecret}`);

  // An athlete of the app.
  const { token } = await coachJson<{ token: string }>(['token', '--athlete', 'ann'], { cwd, env });
  plant('athlete token', token);
  const phone = { authorization: `Bearer ${token}`, 'sync-protocol': '1', 'sync-client': 'c_phone-0001' };

  // Connecting, with everything that can go wrong on the way.
  const connect = async () => {
    const started = await post(`${url}/v1/connections`, { provider: 'garmin', returnUrl: 'app://back' }, phone);
    const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
    const consent = await garmin.act('consent', { url: authorizeUrl, follow: false });
    return Object.fromEntries(new URL(String(consent.redirectUrl)).searchParams) as { code: string; state: string };
  };
  const back = await connect();
  await ask(`${url}/v1/connections/callback/garmin?${new URLSearchParams(back)}`);
  const finish = { provider: 'garmin', ...back };
  await post(`${url}/v1/connections/finish`, { ...finish, state: plant('wrong state') }, phone);
  proxy.failTokenCalls(1);
  await post(`${url}/v1/connections/finish`, finish, phone);
  const wrong = await connect();
  await post(
    `${url}/v1/connections/finish`,
    { provider: 'garmin', state: wrong.state, code: plant('wrong code') },
    phone,
  );
  await ask(`${url}/v1/connections/callback/garmin?state=${plant('stranger state')}&code=${plant('stranger code')}`);
  await ask(`${url}/v1/connections/callback/garmin?error=${plant('error of a consent')}`);
  const good = await connect();
  const connected = await post(`${url}/v1/connections/finish`, { provider: 'garmin', ...good }, phone);
  expect(connected.status).toBe(200);

  // Runs come in; a token ends and its refresh fails at first; an address is good once.
  await garmin.act('run', { title: plant('title of a run') });
  await garmin.act('settle', {});
  garmin.fault('expire', 1);
  proxy.failTokenCalls(1);
  await garmin.act('run', { deliver: 'summary,file,ping' });
  garmin.fault('stale_callback', 1);
  await garmin.act('run', { deliver: 'file' });
  garmin.fault('tamper', 1, { what: 'file' });
  await garmin.act('run', { deliver: 'file' });

  // Bodies nobody can read, at the right address and at wrong ones.
  const hook = `${url}/webhooks/garmin/${webhookSecret}`;
  await post(hook, `{"activities": [${plant('broken webhook body')}`);
  await post(hook, {
    activities: [{ userId: plant('user of a broken item'), startTimeInSeconds: plant('odd start') }],
  });
  const evil = `https://evil.example/file?token=${plant('pull token of a foreign address')}`;
  await post(hook, { activityFiles: [{ userId: 'nobody', callbackURL: evil, fileType: 'FIT', activityId: 1 }] });
  await post(`${url}/webhooks/garmin/${plant('wrong webhook secret')}`, {});
  await ask(`${url}/${plant('address that is not there')}?token=${plant('token in an address')}`);

  // A stranger's plugin throws whatever it was given.
  const database = new BetterSqlite3(join(cwd, '.coach/data/coach.db'));
  database
    .prepare(
      `insert into connection (connection_id, athlete_id, plugin, state, generation, identity, permissions)
       values ('con_leak', 'ann', 'leaky', 'connected', 1, 'somebody', '[]')`,
    )
    .run();
  const leaky = `${url}/webhooks/leaky/${leakySecret}`;
  const signature = { 'x-signature': plant('signature header') };
  for (const turn of ['in verify', 'in split', 'in normalise', 'told by normalise'])
    await post(leaky, `${turn}: ${plant(`value ${turn}`)}`, signature);

  // A phone syncs: notes, positions, a mutation that does not fit, bodies that are none.
  const mutation = (id: string, set: object) => ({
    mid: randomUUID(),
    kind: 'activity',
    id,
    op: 'put',
    stamp: `${Date.now()}:0000`,
    set,
  });
  const sync = (batch: unknown, more: object = {}) =>
    post(`${url}/v1/sync`, { sentAt: new Date().toISOString(), push: { epoch: null, batch }, ...more }, phone);
  const position = plant('position', `47.3${Math.floor(Math.random() * 1e12)}`);
  await sync([
    mutation('act_phone-0001', { sport: 'run', day: '2026-03-01', notes: plant('notes of an athlete') }),
    mutation('act_phone-0002', { sport: plant('sport that is none'), [plant('field that is none')]: 1 }),
    mutation('act_phone-0003', { sport: 'run', track: [[Number(position), 8.5]], distanceM: plant('odd distance') }),
  ]);
  await sync([{ ...mutation('act_phone-0004', {}), stamp: plant('odd stamp'), op: plant('odd op') }]);
  await sync(plant('batch that is none'), { [plant('odd member')]: plant('odd value') });
  await post(`${url}/v1/sync`, `{"sentAt": ${plant('body that is no JSON')}`, phone);
  await post(`${url}/v1/connections`, { provider: 'garmin', returnUrl: `app://${plant('foreign return url')}` }, phone);
  await ask(`${url}/v1/sync/head`, { headers: { ...phone, 'sync-client': plant('odd client') } });
  await ask(`${url}/v1/objects/activity?from=${plant('odd query')}`, { headers: phone });

  // Credentials that are wrong, spent or somebody else's.
  const { ticket } = (await (await post(`${url}/v1/sync/ticket`, {}, phone)).json()) as { ticket: string };
  plant('ticket', ticket);
  const stop = new AbortController();
  await fetch(`${url}/v1/sync/events?ticket=${ticket}`, { signal: stop.signal });
  await ask(`${url}/v1/sync/events?ticket=${ticket}`);
  await ask(`${url}/v1/sync/events?ticket=${plant('wrong ticket')}`);
  for (const credential of [
    plant('wrong token'),
    `chk_${plant('wrong key')}`,
    `eyJhbGciOiJIUzI1NiJ9.${plant('forged')}.x`,
  ])
    await ask(`${url}/v1/connections`, { headers: { authorization: `Bearer ${credential}` } });
  await ask(`${url}/v1/connections`, {
    headers: { authorization: `Basic ${plant('basic')}`, cookie: plant('cookie') },
  });
  await ask(`${url}/metrics`, { headers: { authorization: `Bearer ${operatorKey}` } });
  await ask(`${url}/v1/connections`, {
    headers: { ...phone, 'x-request-id': plant('request id'), 'user-agent': plant('agent') },
  });

  // Somebody else holds the database for longer than the hub waits, which is what makes this test slow.
  await settled(url, operatorKey);
  database.exec('begin immediate');
  const busy = await post(hook, { activities: [{ userId: plant('delivery that found the database busy') }] });
  expect(busy.status).toBe(503);
  database.exec('rollback');
  database.close();

  await settled(url, operatorKey);
  // Last of all, a plugin throws where nobody can catch it.
  await post(leaky, `in a timer: ${plant('value in a timer')}`);
  const { code, stdout, stderr } = await running.ended;
  stop.abort();
  expect(code).toBe(1);
  printed.all = stdout + stderr;
  printedLines = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as (typeof printedLines)[number]);
  for (const [name, values] of proxy.seen) {
    for (const [at, value] of [...values].entries()) planted.set(`${name} at the provider, ${at + 1}`, value);
  }
  await Promise.all([proxy.close(), garmin.close()]);
}

/** Waits until nothing is left to do; what failed is tried again later and does not count. */
async function settled(url: string, operatorKey: string): Promise<void> {
  const headers = { authorization: `Bearer ${operatorKey}` };
  for (let tries = 0; tries < 100; tries += 1) {
    const figures = await (await fetch(`${url}/metrics`, { headers })).text();
    if (/^coach_inbox_deliveries 0$/m.test(figures) && /^coach_inbox_envelopes\{state="new"\} 0$/m.test(figures))
      return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('The inbox did not come to rest.');
}

/** Where a secret is found, in any of its forms. */
function found(secret: string | Uint8Array, text: string): string[] {
  return formsOf(secret).filter((form) => form.length > 7 && text.includes(form));
}

describe('a secret', () => {
  beforeAll(theStory, 120_000);

  it('is in nothing the process prints', () => {
    const leaks = [...planted].filter(([, value]) => found(value, printed.all).length > 0).map(([name]) => name);
    expect(leaks).toEqual([]);
  });

  it('is in no problem the hub answers', () => {
    const leaks = [...planted].filter(([, value]) => problems.some((text) => found(value, text).length > 0));
    expect(leaks.map(([name]) => name)).toEqual([]);
    expect(problems.length).toBeGreaterThanOrEqual(20);
  });

  it('was there to be found: every credential of the provider was seen, and the log tells every step', () => {
    const kinds = [...planted.keys()].flatMap((name) => /^(\w+) at the provider/.exec(name)?.[1] ?? []);
    expect([...new Set(kinds)].sort()).toEqual([
      'access_token',
      'authorization',
      'client_secret',
      'code',
      'code_verifier',
      'refresh_token',
      'state',
      'token',
    ]);
    expect([...new Set(printedLines.map(({ message }) => message))]).toEqual(
      expect.arrayContaining([
        'plugin set aside',
        'serving',
        'connection connected',
        'request answered',
        'request refused',
        'request failed',
        'provider answered',
        'token refreshed',
        'envelope not read',
        'the hub crashed',
      ]),
    );
  });

  it('would be found in any form', () => {
    const secret = random('probe');
    for (const form of formsOf(secret)) expect(found(secret, `before ${form} after`)).toContain(form);
    expect(found(secret, `before ${Buffer.from(`user:${secret}:rest`).toString('base64')} after`)).not.toEqual([]);
  });

  it('is kept out by what is logged, not by the net under it: only a plugin that did not load is caught there', () => {
    const caught = printedLines.filter((line) => JSON.stringify(line).includes('[hidden]'));
    expect(caught.map(({ message }) => message)).toEqual(['plugin set aside']);
  });
});
