import {
  type Kind,
  MAX_PULL_BYTES,
  MAX_PULL_OBJECTS,
  MAX_PUSH_MUTATIONS,
  type Mutation,
  type PullRequest,
  type PushRequest,
  type SyncRequest,
} from '@coach-hub/core/wire';
import { z } from 'zod';
import { AnyJsonObject } from './json-value.ts';

const MAX_NAME_CHARS = 200;
const MAX_CURSOR_CHARS = 1_000;
const MAX_WINDOW_DAYS = 36_525;

/**
 * Only what makes a request unreadable is refused here, for the whole of it. A kind, field or value the hub does not
 * know is its business per mutation (`rejected`), so that one of them never stops the queue behind it.
 */
const AnyKind = z.string().min(1).max(MAX_NAME_CHARS) as unknown as z.ZodType<Kind>;

const MutationShape: z.ZodType<Mutation> = z.object({
  seq: z.number().int().min(1).optional().describe('Contiguous per client, from 1.'),
  mid: z
    .string()
    .min(1)
    .max(MAX_NAME_CHARS)
    .describe('Unique per athlete; sending it again is answered from the record.'),
  tx: z.number().int().optional().describe('Neighbours with one tx apply together or not at all.'),
  stamp: z
    .string()
    .regex(/^\d{1,16}:[0-9a-fA-F]{4}$/)
    .describe('Hybrid logical clock: <ms>:<counter as 4 hex digits>.'),
  kind: AnyKind,
  id: z.string().min(1).max(MAX_NAME_CHARS),
  op: z.enum(['put', 'patch', 'delete', 'restore', 'override']),
  base: z.number().int().min(0).optional().describe('The rev the client saw; informs, never rejects.'),
  set: AnyJsonObject.optional(),
  unset: z.array(z.string().max(MAX_NAME_CHARS)).optional(),
});

export const PushShape: z.ZodType<PushRequest> = z.object({
  epoch: z.string().max(MAX_NAME_CHARS).nullable(),
  batch: z.array(MutationShape).max(MAX_PUSH_MUTATIONS),
});

const days = z.number().int().min(0).max(MAX_WINDOW_DAYS).optional();

/** A client that asks for more than a page holds gets a page, not a refusal. */
const atMost = (most: number) =>
  z
    .number()
    .int()
    .min(1)
    .transform((asked) => Math.min(asked, most))
    .optional();

export const PullShape: z.ZodType<PullRequest> = z.object({
  cursor: z.string().max(MAX_CURSOR_CHARS).nullable().describe('Opaque; null for the first pull.'),
  window: z.object({ activityDays: days, planDays: days }).optional(),
  limit: atMost(MAX_PULL_OBJECTS),
  maxBytes: atMost(MAX_PULL_BYTES),
});

export const SyncShape: z.ZodType<SyncRequest> = z.object({
  sentAt: z.string().max(MAX_NAME_CHARS).describe('The client’s clock, ISO 8601.'),
  push: PushShape.optional(),
  pull: PullShape.optional(),
});
