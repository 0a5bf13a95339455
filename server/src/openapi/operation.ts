import { CATALOGUE, type ErrorCode, type Json, type JsonObject } from '@coach-hub/core';
import type { z } from 'zod';
import type { Access } from '../auth/authorise.ts';
import type { Answer, EndpointFacts } from '../endpoint/endpoint.ts';
import { PROBLEM_MEDIA_TYPE } from '../error/problem.ts';
import { jsonSchemaOf } from './json-schema.ts';

const SECURITY: { [access in Access]: Json[] } = {
  none: [],
  athlete: [{ athlete: [] }],
  athlete_or_operator_read: [{ athlete: [] }, { operator: [] }],
  operator_read: [{ operator: [] }],
};

const ATHLETE_PARAMETER: JsonObject = {
  name: 'athlete',
  in: 'query',
  required: false,
  schema: { type: 'string' },
  description: 'With an operator key: the athlete to read about.',
};

/** One operation of the description. `pathParams` are those of its path, a part of the endpoint's own. */
export function operationOf(facts: EndpointFacts, id: string, pathParams: readonly string[]): JsonObject {
  return {
    operationId: id,
    summary: facts.summary,
    security: SECURITY[facts.access],
    parameters: [
      ...parametersOf(facts.params, 'path').filter(({ name }) => pathParams.includes(String(name))),
      ...parametersOf(facts.query, 'query'),
      ...(facts.access === 'athlete_or_operator_read' ? [ATHLETE_PARAMETER] : []),
      ...parametersOf(facts.headers, 'header'),
    ],
    ...(facts.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchemaOf(facts.body, 'input') } },
          },
        }
      : {}),
    responses: { ...answersOf(facts.answers), ...problemsOf(facts) },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header'): JsonObject[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as {
    properties?: { [name: string]: JsonObject };
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: rest,
    ...(description === undefined ? {} : { description }),
  }));
}

function answersOf(answers: EndpointFacts['answers']): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: answer.description, ...contentOf(answer) },
    ]),
  );
}

function contentOf({ schema, mediaType }: Answer): JsonObject {
  if (schema) return { content: { 'application/json': { schema: jsonSchemaOf(schema, 'output') } } };
  return mediaType === undefined ? {} : { content: { [mediaType]: {} } };
}

/** Problems by status, each with the codes it may carry. A status the endpoint answers in a shape of its own stays. */
function problemsOf(facts: EndpointFacts): JsonObject {
  const codesByStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...commonProblems(facts), ...(facts.problems ?? [])])) {
    const { status } = CATALOGUE[code];
    if (!(status in facts.answers)) codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...codesByStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${CATALOGUE[code].help}`).join('\n\n'),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function commonProblems({ access, params, query, headers, body }: EndpointFacts): ErrorCode[] {
  return [
    ...(params || query || headers || body ? (['bad_request'] as const) : []),
    ...(body ? (['payload_too_large'] as const) : []),
    ...(access === 'none'
      ? []
      : (['unauthorized', 'token_expired', 'forbidden', 'busy', 'too_many_requests'] as const)),
    'internal',
  ];
}
