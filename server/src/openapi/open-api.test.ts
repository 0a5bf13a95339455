import { describe, expect, it } from 'vitest';
import { testServer } from '../testing/test-server.test-support.ts';
import { pathsOf } from './paths.ts';

interface Operation {
  operationId: string;
  security: { [scheme: string]: string[] }[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: { properties: object } } } };
  responses: { [status: string]: { description: string; content?: object } };
}

interface Description {
  openapi: string;
  servers: { url: string }[];
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { Problem: { required: string[] } } };
}

async function describedBy(server = testServer({})): Promise<Description> {
  const response = await server.app.request('/openapi.json');
  return (await response.json()) as Description;
}

describe('GET /openapi.json', () => {
  it('describes every route of the app, and none besides', async () => {
    const server = testServer({});
    const { paths } = await describedBy(server);
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const registered = server.app.routes
      .filter(({ path }) => path !== '/*') // what runs around every route
      .flatMap(({ method, path }) =>
        pathsOf(path).flatMap((each) =>
          (method === 'ALL' ? ['get', 'post'] : [method.toLowerCase()]).map((name) => `${name} ${each.path}`),
        ),
      );
    expect(described.sort()).toEqual(registered.sort());
    expect(registered.length).toBeGreaterThan(19);
  });

  it('is OpenAPI 3.1 with one name per operation', async () => {
    const { openapi, servers, paths } = await describedBy();
    const names = Object.values(paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect([openapi, servers]).toEqual(['3.1.0', [{ url: 'https://hub.example' }]]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares every parameter that a path names', async () => {
    const { paths } = await describedBy();
    for (const [path, operations] of Object.entries(paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(operations)) {
        expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(named);
        expect(parameters.filter((each) => each.in === 'path').every(({ required }) => required)).toBe(true);
      }
    }
  });

  it('tells what the sync routes check', async () => {
    const { paths } = await describedBy();
    const sync = paths['/v1/sync']?.post;
    expect(sync?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['sync-protocol', true],
      ['sync-client', true],
      ['sync-schema', false],
    ]);
    expect(Object.keys(sync?.requestBody?.content['application/json'].schema.properties ?? {})).toEqual([
      'sentAt',
      'push',
      'pull',
    ]);
    expect(Object.keys(sync?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '409',
      '413',
      '426',
      '429',
      '500',
      '503',
    ]);
    expect(sync?.responses['409']?.description).toMatch(/`seq_gap`.*\n\n`client_forked`.*\n\n`epoch_mismatch`/);
  });

  it('tells who may call', async () => {
    const { paths } = await describedBy();
    expect(paths['/healthz']?.get?.security).toEqual([]);
    expect(paths['/v1/sync']?.post?.security).toEqual([{ athlete: [] }]);
    expect(paths['/v1/objects/{kind}']?.get?.security).toEqual([{ athlete: [] }, { operator: [] }]);
    expect(paths['/v1/objects/{kind}']?.get?.parameters.map(({ name }) => name)).toEqual([
      'kind',
      'fromDay',
      'toDay',
      'limit',
      'athlete',
    ]);
  });

  it('has the shape of a problem once', async () => {
    const { components } = await describedBy();
    expect(components.schemas.Problem.required).toEqual([
      'type',
      'title',
      'status',
      'code',
      'detail',
      'fix',
      'requestId',
    ]);
  });
});
