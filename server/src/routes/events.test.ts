import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../listen.ts';
import { liveRev } from '../testing/live-rev.test-support.ts';
import { readProblem } from '../testing/read-problem.test-support.ts';
import { sseReader } from '../testing/sse-reader.test-support.ts';
import { testServer } from '../testing/test-server.test-support.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

async function serve(rev = liveRev(1_290)) {
  const server = testServer({ sync: rev.sync });
  const listening = await listen(server.app, { host: '127.0.0.1', port: 0, closeAfterMs: 5_000 });
  open.push(listening);
  const buyTicket = async (ttlS?: number): Promise<{ ticket: string; expiresAt: string }> => {
    const response = await fetch(`${listening.url}/v1/sync/ticket`, {
      method: 'POST',
      headers: await server.syncAs('ann', ttlS),
    });
    expect(response.status).toBe(201);
    return response.json() as Promise<{ ticket: string; expiresAt: string }>;
  };
  const connect = async (ticket: string, signal?: AbortSignal) =>
    fetch(`${listening.url}/v1/sync/events?ticket=${ticket}`, signal ? { signal } : {});
  return { ...server, rev, listening, buyTicket, connect };
}

describe('POST /v1/sync/ticket', () => {
  it('answers a ticket good for 30 seconds', async () => {
    const { buyTicket } = await serve();
    expect(await buyTicket()).toEqual({
      ticket: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: '2026-03-01T06:00:30.000Z',
    });
  });

  it('is unauthorized without a token', async () => {
    const { app } = testServer({});
    const response = await app.request('/v1/sync/ticket', {
      method: 'POST',
      headers: { 'sync-protocol': '1', 'sync-client': 'c_phone-0001' },
    });
    expect(response.status).toBe(401);
  });
});

describe('GET /v1/sync/events', () => {
  it('streams the current rev at once and a poke for each commit', async () => {
    const { buyTicket, connect, rev } = await serve();
    const response = await connect((await buyTicket()).ticket);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const events = sseReader(response.body as ReadableStream<Uint8Array>);
    expect([await events.next(), await events.next()]).toEqual([
      'retry: 3000',
      'event: poke\nid: 1290\ndata: {"rev":1290}',
    ]);
    rev.commit(1_291);
    expect(await events.next()).toBe('event: poke\nid: 1291\ndata: {"rev":1291}');
    await events.cancel();
  });

  it('stops listening when the client goes', async () => {
    const { buyTicket, connect, rev } = await serve();
    const leaving = new AbortController();
    const response = await connect((await buyTicket()).ticket, leaving.signal);
    await sseReader(response.body as ReadableStream<Uint8Array>).next();
    expect(rev.listeners()).toBe(1);
    leaving.abort();
    await expect.poll(() => rev.listeners()).toBe(0);
  });

  it('says bye and ends cleanly when the server closes', async () => {
    const { buyTicket, connect, rev, listening } = await serve();
    const response = await connect((await buyTicket()).ticket);
    const events = sseReader(response.body as ReadableStream<Uint8Array>);
    await events.next();
    await events.next();
    const closed = listening.close();
    expect([await events.next(), await events.next()]).toEqual(['event: bye\ndata: {}', null]);
    await closed;
    expect(rev.listeners()).toBe(0);
  });

  it('admits a ticket once', async () => {
    const { buyTicket, connect } = await serve();
    const { ticket } = await buyTicket();
    const first = await connect(ticket);
    const second = await connect(ticket);
    expect([first.status, second.status, (await readProblem(second)).code]).toEqual([200, 401, 'unauthorized']);
    await first.body?.cancel();
  });

  it('is not used up by a mere look', async () => {
    const { buyTicket, connect, listening, rev } = await serve();
    const { ticket } = await buyTicket();
    const look = await fetch(`${listening.url}/v1/sync/events?ticket=${ticket}`, { method: 'HEAD' });
    expect([look.status, rev.listeners()]).toEqual([204, 0]);
    const response = await connect(ticket);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it('takes no token in the place of a ticket, nor a ticket that has ended', async () => {
    const { as, clock, buyTicket, connect } = await serve();
    const token = ((await as('ann')).authorization ?? '').replace('Bearer ', '');
    const { ticket } = await buyTicket();
    clock.advance(30_000);
    expect([(await connect(token)).status, (await connect(ticket)).status]).toEqual([401, 401]);
  });

  it('keeps the ticket out of the log', async () => {
    const { buyTicket, connect, lines } = await serve();
    const { ticket } = await buyTicket();
    await (await connect(ticket)).body?.cancel();
    await connect(ticket);
    expect(JSON.stringify(lines)).not.toContain(ticket);
  });
});

describe('GET /v1/sync/head?after=', () => {
  it('answers when the rev moves', async () => {
    const { listening, syncAs, rev } = await serve();
    const asking = fetch(`${listening.url}/v1/sync/head?after=1290`, { headers: await syncAs('ann') });
    await expect.poll(() => rev.listeners()).toBe(1);
    rev.commit(1_291);
    expect(await (await asking).json()).toEqual({ epoch: 'ep_7Q', rev: 1_291 });
  });

  it('answers at once when the client is behind', async () => {
    const { listening, syncAs } = await serve();
    const response = await fetch(`${listening.url}/v1/sync/head?after=1200`, { headers: await syncAs('ann') });
    expect(await response.json()).toEqual({ epoch: 'ep_7Q', rev: 1_290 });
  });

  it('answers what there is when the server closes', async () => {
    const { listening, syncAs, rev } = await serve();
    const asking = fetch(`${listening.url}/v1/sync/head?after=1290`, { headers: await syncAs('ann') });
    await expect.poll(() => rev.listeners()).toBe(1);
    await listening.close();
    expect(await (await asking).json()).toEqual({ epoch: 'ep_7Q', rev: 1_290 });
  });
});
