import { CATALOGUE, type ErrorCode } from '@coach-hub/core';
import { z } from 'zod';

/** RFC 9457 problem details. */
export const ProblemShape = z.looseObject({
  type: z.string().describe('urn:coach-hub:error:<code>'),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(CATALOGUE) as [ErrorCode, ...ErrorCode[]]).describe('Stable; docs/errors.md explains each.'),
  detail: z.string().describe('What happened and why.'),
  fix: z.string().describe('What to do about it.'),
  requestId: z.string().describe('Names the request in the hub’s log.'),
  expected: z.number().int().optional().describe('seq_gap: the seq the hub expects next.'),
  epoch: z.string().optional().describe('epoch_mismatch: the hub’s epoch.'),
  ackSeq: z.number().int().optional().describe('epoch_mismatch: the last seq the hub holds of this client.'),
});
