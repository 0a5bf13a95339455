import { Readable } from 'node:stream';
import { HubError, type ObjectService } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { readProblem } from '../testing/read-problem.test-support.ts';
import { testServer } from '../testing/test-server.test-support.ts';

const object = {
  kind: 'activity',
  id: 'act_1',
  rev: 7,
  day: '2026-02-28',
  data: { distanceM: 10_050 },
  provenance: { distanceM: 'provider:stride' },
} as const;

function recording(objects: Partial<ObjectService>) {
  const calls: unknown[][] = [];
  const record =
    (method: unknown) =>
    (...call: unknown[]) => {
      calls.push(call);
      return (method as (...given: unknown[]) => unknown)(...call);
    };
  const recorded = Object.fromEntries(Object.entries(objects).map(([name, method]) => [name, record(method)]));
  return { ...testServer({ objects: recorded }), calls };
}

async function get(server: ReturnType<typeof recording>, path: string, method = 'GET') {
  return server.app.request(path, { method, headers: await server.as('ann') });
}

const unknown = async () => {
  throw new HubError('not_found', {
    what: 'There is no such object.',
    why: 'This athlete has none with that id.',
    fix: 'Check the id.',
  });
};

describe('GET /v1/objects/:kind', () => {
  it('lists objects of a kind within days', async () => {
    const server = recording({ list: async () => [object] });
    const response = await get(server, '/v1/objects/activity?fromDay=2026-02-01&toDay=2026-02-28&limit=20');
    expect([response.status, await response.json()]).toEqual([200, { objects: [object] }]);
    expect(server.calls).toEqual([['a_ann', 'activity', { fromDay: '2026-02-01', toDay: '2026-02-28', limit: 20 }]]);
  });

  it('lists the newest hundred where nothing is asked', async () => {
    const server = recording({ list: async () => [] });
    await get(server, '/v1/objects/sleep');
    expect(server.calls).toEqual([['a_ann', 'sleep', { limit: 100 }]]);
  });

  it.each([
    ['/v1/objects/moon_phase', 'kind: '],
    ['/v1/objects/activity?fromDay=28.02.2026', 'fromDay: '],
    ['/v1/objects/activity?fromDay=2026-03-01&toDay=2026-02-01', '"fromDay" must not be after "toDay"'],
    ['/v1/objects/activity?limit=0', 'limit: '],
    ['/v1/objects/activity?limit=201', 'limit: '],
    ['/v1/objects/activity?limit=many', 'limit: '],
  ])('%s is a bad_request', async (path, told) => {
    const response = await get(recording({}), path);
    const problem = await readProblem(response);
    expect([response.status, problem.code]).toEqual([400, 'bad_request']);
    expect(problem.detail).toContain(told);
  });
});

describe('GET /v1/objects/:kind/:id', () => {
  it('answers the object with the source of each field', async () => {
    const server = recording({ get: async () => object });
    const response = await get(server, '/v1/objects/activity/act_1');
    expect([response.status, await response.json(), server.calls]).toEqual([
      200,
      object,
      [['a_ann', 'activity', 'act_1']],
    ]);
  });

  it('is not_found for an id of somebody else', async () => {
    const response = await get(recording({ get: unknown }), '/v1/objects/activity/act_of_bob');
    expect([response.status, (await readProblem(response)).code]).toEqual([404, 'not_found']);
  });
});

describe('GET /v1/objects/:kind/:id/explain', () => {
  const explanation = {
    kind: 'activity',
    id: 'act_1',
    rev: 7,
    day: null,
    deleted: false,
    aliases: [],
    sources: [],
    fields: [],
  } as const;

  it('answers how the object came to be', async () => {
    const server = recording({ explain: async () => ({ ...explanation, aliases: [], sources: [], fields: [] }) });
    const response = await get(server, '/v1/objects/activity/act_1/explain');
    expect([response.status, await response.json(), server.calls]).toEqual([
      200,
      explanation,
      [['a_ann', 'activity', 'act_1']],
    ]);
  });

  it('is not_found where there is none', async () => {
    expect((await get(recording({ explain: unknown }), '/v1/objects/activity/act_2/explain')).status).toBe(404);
  });
});

describe('GET /v1/objects/:kind/:id/series', () => {
  const series = async () => ({ kind: 'activity' as const, id: 'act_1', series: [] });

  it('answers all of it, or the channels and points asked for', async () => {
    const server = recording({ series });
    await get(server, '/v1/objects/activity/act_1/series');
    const response = await get(server, '/v1/objects/activity/act_1/series?channels=heartRateBpm,powerW&points=200');
    expect([response.status, await response.json()]).toEqual([200, { kind: 'activity', id: 'act_1', series: [] }]);
    expect(server.calls).toEqual([
      ['a_ann', 'activity', 'act_1', {}],
      ['a_ann', 'activity', 'act_1', { channels: ['heartRateBpm', 'powerW'], points: 200 }],
    ]);
  });

  it.each(['points=1', 'points=lots', 'points=10001', 'channels=', 'channels=a%20b'])(
    '?%s is a bad_request',
    async (query) => {
      const response = await get(recording({ series }), `/v1/objects/activity/act_1/series?${query}`);
      expect([response.status, (await readProblem(response)).code]).toEqual([400, 'bad_request']);
    },
  );
});

describe('GET /v1/objects/:kind/:id/file', () => {
  const file =
    (body: Readable, changes = {}) =>
    async () => ({ name: 'Morning run.fit', mediaType: 'application/vnd.ant.fit', bytes: 6, body, ...changes });

  it('answers the bytes as a download', async () => {
    const server = recording({ file: file(Readable.from([Buffer.from('abc'), Buffer.from('def')])) });
    const response = await get(server, '/v1/objects/activity/act_1/file');
    expect(await response.text()).toBe('abcdef');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.ant.fit',
      'content-length': '6',
      'content-disposition': `attachment; filename="Morning run.fit"; filename*=UTF-8''Morning%20run.fit`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it('takes no odd media type from a stored file', async () => {
    const server = recording({
      file: file(Readable.from([Buffer.from('abcdef')]), { mediaType: 'text/html; x="\r\n' }),
    });
    const response = await get(server, '/v1/objects/activity/act_1/file');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  it.each(['HEAD', 'GET'])('closes the file when the body of %s is not wanted', async (method) => {
    const body = Readable.from([Buffer.from('abc'), Buffer.from('def')]);
    const response = await get(recording({ file: file(body) }), '/v1/objects/activity/act_1/file', method);
    await response.body?.cancel();
    expect(body.destroyed).toBe(true);
  });

  it('breaks off when reading fails, and the cause goes to the log alone', async () => {
    async function* failing() {
      yield Buffer.from('abc');
      throw Object.assign(new Error('EIO /data/blobs/0f'), { code: 'EIO' });
    }
    const server = recording({ file: file(Readable.from(failing())) });
    const response = await get(server, '/v1/objects/activity/act_1/file');
    await expect(response.text()).rejects.toThrow('The file broke off.');
    expect(server.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'file broke off',
      fields: { cause: { name: 'Error', code: 'EIO' } },
    });
  });

  it('is blob_missing where no source brought one', async () => {
    const missing = async () => {
      throw new HubError('blob_missing', {
        what: 'There is no file.',
        why: 'No source brought one.',
        fix: 'Import one.',
      });
    };
    const response = await get(recording({ file: missing }), '/v1/objects/activity/act_1/file');
    expect([response.status, (await readProblem(response)).code]).toEqual([404, 'blob_missing']);
  });
});
