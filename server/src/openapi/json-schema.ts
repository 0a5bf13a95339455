import type { JsonObject } from '@coach-hub/core';
import { z } from 'zod';

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 speaks. Requests are told as sent, answers as received. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return JSON.parse(JSON.stringify(rest)) as JsonObject; // plain data, without the converter's hidden members
}
