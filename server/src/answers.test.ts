/** What the hub answers to everything the world may send, and what it has done when it answered. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HubAtFake, type HubAtFakeOptions, hubAtFake, readDatabase } from './hub-at-fake.test-support.ts';

const MIB = 1024 * 1024;
const GARMIN_MAX_BYTES = 128 * MIB;

const run = (userId: string, activityId: unknown) => ({
  userId,
  summaryId: String(activityId),
  activityId,
  activityType: 'RUNNING',
  startTimeInSeconds: Date.parse('2026-05-02T06:00:00Z') / 1000,
  startTimeOffsetInSeconds: 0,
  durationInSeconds: 600,
  distanceInMeters: 2_000,
});
const activities = (...items: unknown[]) => JSON.stringify({ activities: items });

/** What the hub holds: nothing of it moves when something is refused. */
async function held({ hub }: HubAtFake, athleteId: string) {
  const { deliveries, envelopesNew, deadLetters, unknownIdentities } = await hub().inbox.counts();
  const runs = (await hub().objects.list(athleteId, 'activity', {})).length;
  return { deliveries, envelopesNew, deadLetters, unknownIdentities, runs };
}
const NOTHING = { deliveries: 0, envelopesNew: 0, deadLetters: 0, unknownIdentities: 0, runs: 0 };

function post(stage: HubAtFake, path: string, body: RequestInit['body'], headers: { [name: string]: string } = {}) {
  return fetch(`${stage.url()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? null,
    duplex: 'half',
  } as RequestInit);
}

/** Bytes that come in pieces, their number not told beforehand. */
function stream(bytes: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(MIB).fill(0x20);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(piece.subarray(0, Math.min(left, piece.length)));
      left -= piece.length;
    },
  });
}

describe('a webhook is answered', () => {
  const answer = async (path: (secret: string) => string, body: (userId: string) => string) => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const response = await post(stage, path(stage.secret), body(userId));
    await stage.rest();
    return { status: response.status, ...(await held(stage, 'ath_1')) };
  };
  const right = (secret: string) => `/webhooks/garmin/${secret}`;

  it.each([
    ['404 where the secret is wrong', () => '/webhooks/garmin/guessed'],
    ['404 where the secret is missing', () => '/webhooks/garmin'],
    ['404 where the secret is longer', (secret: string) => `${right(secret)}x`],
    ['404 where there is no such plugin', (secret: string) => `/webhooks/stride/${secret}`],
  ])('%s, and nothing is stored', async (_, path) => {
    expect(await answer(path, (userId) => activities(run(userId, 1)))).toEqual({ status: 404, ...NOTHING });
  });

  it.each<[string, (userId: string) => string, Partial<typeof NOTHING>]>([
    [
      'of an athlete nobody knows; it is counted and not stored',
      () => activities(run('nobody', 1)),
      { unknownIdentities: 1 },
    ],
    ['that is no JSON; it is a dead letter', () => '{"activities":[', { deadLetters: 1 }],
    ['that is JSON and no notification; it is a dead letter', () => '[1,2]', { deadLetters: 1 }],
    ['that is empty; it is a dead letter', () => '', { deadLetters: 1 }],
    [
      'with one bad item; that alone is a dead letter',
      (userId) => activities(run(userId, 1), 'no object', run(userId, 2)),
      { deadLetters: 1, runs: 2 },
    ],
    [
      'with an athlete nobody knows among others',
      (userId) => activities(run('nobody', 1), run(userId, 2)),
      { unknownIdentities: 1, runs: 1 },
    ],
  ])('200 to one %s', async (_, body, outcome) => {
    const spaced = (userId: string) =>
      // Runs of one athlete that would otherwise be the same run.
      body(userId).replaceAll('"activityId":2,', '"activityId":2,"startTimeInSecondsIgnored":0,');
    const result = await answer(right, spaced);
    expect(result).toMatchObject({ status: 200, deliveries: 0, envelopesNew: 0 });
    const { runs = 0, ...counts } = outcome;
    expect(result).toMatchObject({ ...NOTHING, ...counts, runs: expect.any(Number) });
    expect(result.runs > 0).toBe(runs > 0);
  });

  it('413 where the body is larger than the provider’s largest, told or not, and nothing is stored', async () => {
    const stage = await hubAtFake();
    await stage.hub().athletes.ensure('ath_1');
    const told = await rawPost(stage, right(stage.secret), `Content-Length: ${GARMIN_MAX_BYTES + 1}`, []);
    expect(told).toMatch(/^HTTP\/1.1 413 /);
    const untold = await post(stage, right(stage.secret), stream(GARMIN_MAX_BYTES + 1) as never);
    expect(untold.status).toBe(413);
    expect(await held(stage, 'ath_1')).toEqual(NOTHING);
  });

  it('200 where it is as large as that', async () => {
    const stage = await hubAtFake();
    const response = await post(stage, right(stage.secret), stream(GARMIN_MAX_BYTES) as never);
    expect(response.status).toBe(200);
    await stage.rest();
    expect(await stage.hub().inbox.counts()).toMatchObject({ deliveries: 0, deadLetters: 1 });
  });
});

/** Sends a request by hand and gives the first line of the answer; `pieces` follow the head, 50 ms apart. */
function rawPost(stage: HubAtFake, path: string, header: string, pieces: string[]): Promise<string> {
  const { port, host } = new URL(stage.url());
  return new Promise((resolve, reject) => {
    let received = '';
    const socket: Socket = connectTcp(Number(port), '127.0.0.1', async () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n\r\n`);
      for (const piece of pieces) {
        await new Promise((next) => setTimeout(next, 50));
        if (socket.writable) socket.write(piece);
      }
    });
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      received += text;
      if (received.includes('\r\n')) socket.end();
    });
    socket.on('close', () => resolve(received.split('\r\n')[0] ?? ''));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error)));
  });
}

describe('a sender that is slow', () => {
  it('is cut off while others are answered, and nothing of it is stored', async () => {
    const stage = await hubAtFake({ requestTimeoutMs: 400 });
    const { userId } = await stage.connect('ath_1');
    const drip = Array.from({ length: 40 }, () => ' ');
    const slow = rawPost(stage, `/webhooks/garmin/${stage.secret}`, 'Content-Length: 100000', drip);
    const good = await post(stage, `/webhooks/garmin/${stage.secret}`, activities(run(userId, 1)));
    expect(good.status).toBe(200);
    expect(await slow).toMatch(/^(HTTP\/1.1 408 .*)?$/);
    await stage.rest();
    expect(await held(stage, 'ath_1')).toEqual({ ...NOTHING, runs: 1 });
  });
});

describe('the app’s own interface answers', () => {
  it.each([
    ['400 to a body that is no JSON', '{"provider"', 400],
    ['400 to JSON of another shape', '{"provider":7}', 400],
    ['413 to a body over 1 MiB', JSON.stringify({ provider: 'x'.repeat(MIB) }), 413],
  ])('%s', async (_, body, status) => {
    const stage = await hubAtFake();
    const authorization = `Bearer ${await stage.token('ann')}`;
    const response = await post(stage, '/v1/connections', body, { authorization });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });

  it('401 to a token of nobody, before it reads the body', async () => {
    const stage = await hubAtFake();
    const response = await post(stage, '/v1/connections', '{"provider"', { authorization: 'Bearer x.y.z' });
    expect(response.status).toBe(401);
  });
});

describe('the way back from the consent page answers', () => {
  async function consented(stage: HubAtFake) {
    const { userId } = (await stage.garmin.act('account', { userId: 'user-1' })) as { userId: string };
    await stage.hub().athletes.ensure('ath_1');
    const asked = { athleteId: 'ath_1', clientId: null, provider: 'garmin', returnUrl: null };
    const { authorizeUrl } = await stage.hub().connect.start(asked);
    const { redirectUrl } = await stage.garmin.act('consent', { url: authorizeUrl, userId, follow: false });
    return new URL(String(redirectUrl)).searchParams;
  }
  const back = async (stage: HubAtFake, query: URLSearchParams) =>
    (await fetch(`${stage.url()}/v1/connections/callback/garmin?${query}`)).status;

  it('200 once, 400 to the same state again', async () => {
    const stage = await hubAtFake();
    const query = await consented(stage);
    expect([await back(stage, query), await back(stage, query)]).toEqual([200, 400]);
  });

  it('400 to a code that was used, under a new state', async () => {
    const stage = await hubAtFake();
    const first = await consented(stage);
    expect(await back(stage, first)).toBe(200);
    const second = await consented(stage);
    second.set('code', first.get('code')!);
    expect(await back(stage, second)).toBe(400);
    expect((await stage.hub().connect.list('ath_1')).map(({ state }) => state)).toEqual(['connected']);
  });

  it('400 to a state nobody gave out', async () => {
    const stage = await hubAtFake();
    expect(await back(stage, new URLSearchParams({ code: 'c', state: 'made-up' }))).toBe(400);
  });
});

/** A listener that should never be called. */
async function trap() {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, calls: () => calls };
}

const ping = (userId: string, callbackURL: string) => JSON.stringify({ activityDetails: [{ userId, callbackURL }] });

describe('a ping that names an address we must not call', () => {
  /** Sends it, and tells what became of it. */
  async function pinged(url: (stage: HubAtFake) => string, options: HubAtFakeOptions = {}) {
    const stage = await hubAtFake(options);
    const { userId } = await stage.connect('ath_1');
    const response = await post(stage, `/webhooks/garmin/${stage.secret}`, ping(userId, url(stage)));
    await stage.rest();
    const letters = await stage.hub().inbox.deadLetters({});
    let audited: unknown[] = [];
    await stage.restart((data) => {
      audited = readDatabase(data, "select action, athlete_id from audit where action = 'egress_refused'");
    });
    return { status: response.status, letters: letters.map(({ stage: at, code }) => `${at} ${code}`), audited };
  }
  const REFUSED = {
    status: 200,
    letters: ['fetch egress_refused'],
    audited: [{ action: 'egress_refused', athlete_id: 'ath_1' }],
  };
  const path = '/wellness-api/rest/activityDetails?uploadStartTimeInSeconds=1&uploadEndTimeInSeconds=2&token=t';

  it.each([
    ['loopback', (port: number) => `http://127.0.0.1:${port}${path}`],
    ['loopback in other digits', (port: number) => `http://2130706433:${port}${path}`],
    ['loopback in IPv6', (port: number) => `http://[::1]:${port}${path}`],
    ['loopback mapped to IPv6', (port: number) => `http://[::ffff:127.0.0.1]:${port}${path}`],
    ['loopback by name', (port: number) => `http://localhost:${port}${path}`],
    ['a private address', () => `https://10.0.0.7${path}`],
    ['a link-local address', () => `https://169.254.1.1${path}`],
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data/'],
    ['another host', () => `https://apis.garmin.example${path}`],
    ['a host that begins as the right one', () => `https://127.0.0.1.example${path}`],
    ['another scheme', () => 'file:///etc/passwd'],
  ])('is answered 200, and is a dead letter: %s', async (_, url) => {
    const { port, calls } = await trap();
    expect(await pinged(() => url(port))).toEqual(REFUSED);
    expect(calls()).toBe(0);
  });

  it('is not called behind the name of the right host', async () => {
    const { port, calls } = await trap();
    const hidden = (stage: HubAtFake) => `http://${new URL(stage.garmin.url).host}@127.0.0.1:${port}${path}`;
    expect(await pinged(hidden)).toEqual(REFUSED);
    expect(calls()).toBe(0);
  });

  it('is not followed where the right host sends on to it', async () => {
    const { port, calls } = await trap();
    const front = await vendorFront(`http://127.0.0.1:${port}/inside`);
    const outcome = await pinged(() => `http://127.0.0.1:${front.port}${path}`, {
      hosts: (fake) => front.before(fake, `http://127.0.0.1:${front.port}`),
      loopback: [`127.0.0.1:${front.port}`],
    });
    expect(outcome).toEqual(REFUSED);
    expect(front.asked).toContain(path);
    expect(calls()).toBe(0);
  });

  it.each([
    ['leads to a private address now', [{ address: '10.0.0.9', family: 4 }]],
    [
      'leads to a private address as well',
      [
        { address: '127.0.0.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ],
    ],
  ])('is not called where the right name %s', async (_, addresses) => {
    const front = await vendorFront(null);
    const pair = `localhost:${front.port}`;
    let answers = [{ address: '127.0.0.1', family: 4 }];
    const outcome = await pinged(
      () => {
        answers = addresses;
        return `http://${pair}${path}`;
      },
      {
        hosts: (fake) => front.before(fake, `http://${pair}`),
        loopback: [pair],
        resolve: async () => answers,
      },
    );
    expect(outcome).toEqual(REFUSED);
    expect(front.asked).not.toContain(path);
  });
});

/** Stands before the fake's API; sends what a ping names on to `location`. It keeps no connection open. */
async function vendorFront(location: string | null) {
  const asked: string[] = [];
  let origin = '';
  const server = createHttpServer(async (incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    outgoing.setHeader('connection', 'close');
    if (location !== null && incoming.url?.includes('/activityDetails')) {
      outgoing.writeHead(302, { location }).end();
      return;
    }
    const { method = 'GET', headers } = incoming;
    const authorization = headers.authorization ?? '';
    const answer = await fetch(`${origin}${incoming.url}`, { method, headers: { authorization } });
    outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    /** The fake's hosts, its API through here. */
    before(fake: { [host: string]: string }, url: string) {
      origin = fake['garmin.api'] ?? '';
      return { ...fake, 'garmin.api': url };
    },
  };
}

describe('a file that can be fetched once', () => {
  it('is a dead letter `gone` when its address was used already', async () => {
    const stage = await hubAtFake();
    const { userId } = await stage.connect('ath_1');
    const { activityId } = await stage.garmin.act('run', { userId, durationS: 120, deliver: ['none'] });
    stage.garmin.fault('stale_callback', 1);
    await stage.garmin.act('redeliver', { activityId, deliver: ['file'] });
    await stage.rest();
    const letters = await stage.hub().inbox.deadLetters({});
    expect(letters.map(({ stage: at, code }) => `${at} ${code}`)).toEqual(['fetch gone']);
  });
});
