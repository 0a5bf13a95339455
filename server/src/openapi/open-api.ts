import type { JsonObject } from '@coach-hub/core';
import type { EndpointFacts } from '../endpoint/endpoint.ts';
import { ProblemShape } from '../shape/problem.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { operationOf } from './operation.ts';
import { pathsOf } from './paths.ts';

/** Version of the HTTP interface, not of the package. */
const API_VERSION = '1.0.0';

/** A webhook may come by any method; these two are the ones providers use. */
const METHODS_OF_ALL = ['get', 'post'] as const;

export type OpenApi = JsonObject & { paths: { [path: string]: JsonObject } };

/** The OpenAPI 3.1 description of a set of endpoints. */
export function openApiOf(endpoints: readonly EndpointFacts[], publicUrl: string | null): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const facts of endpoints) {
    for (const { path, params, suffix } of pathsOf(facts.path)) {
      for (const method of facts.method === 'all' ? METHODS_OF_ALL : [facts.method]) {
        const id =
          facts.method === 'all'
            ? `${facts.id}${suffix}By${method === 'get' ? 'Get' : 'Post'}`
            : `${facts.id}${suffix}`;
        paths[path] = { ...paths[path], [method]: operationOf(facts, id, params) };
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Coach Hub', version: API_VERSION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: publicUrl ?? '/' }],
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(ProblemShape, 'output') },
      securitySchemes: {
        athlete: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of the app’s user.' },
        operator: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'chk_…',
          description: 'Key of an operator; name the athlete with ?athlete=.',
        },
      },
    },
  };
}
