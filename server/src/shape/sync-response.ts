import type { MutationResult, PullChange, PullResponse, PushResponse, SyncResponse } from '@coach-hub/core/wire';
import { z } from 'zod';
import { AnyJsonObject } from './json-value.ts';
import { KnownKind } from './object-ref.ts';
import { ProvenObjectShape } from './wire-object.ts';

const rev = z.number().int();
const seq = z.number().int();
const settled = ['applied', 'merged', 'superseded', 'rejected', 'blocked'] as const;

const ResultShape: z.ZodType<MutationResult> = z.object({
  seq: seq.optional(),
  mid: z.string(),
  status: z.enum([...settled, 'duplicate']),
  originalStatus: z.enum(settled).optional(),
  code: z
    .enum([
      'unknown_kind',
      'unknown_field',
      'read_only_field',
      'invalid_value',
      'too_large',
      'mid_reused',
      'not_found',
      'gone',
      'forbidden_object',
      'plan_locked',
      'schema_too_old',
    ])
    .optional(),
  detail: z.string().optional(),
  rev: rev.optional(),
  fields: z
    .record(z.string(), z.enum(['kept_device', 'kept_newer', 'kept_engine', 'unknown_field', 'read_only_field']))
    .optional(),
  object: ProvenObjectShape.optional(),
  aliasOf: z.string().optional(),
  deleted: z
    .literal(true)
    .optional()
    .describe('The object was deleted by then: what was set is kept, and shows again when it is restored.'),
  stampClamped: z.literal(true).optional(),
});

export const PushAnswerShape: z.ZodType<PushResponse> = z.object({
  ackSeq: seq.describe('Everything up to this seq is settled.'),
  durableSeq: seq.describe('Everything up to this seq survives a restore of the newest backup.'),
  results: z.array(ResultShape),
});

const ref = { kind: KnownKind, id: z.string(), rev };

const ChangeShape: z.ZodType<PullChange> = z.union([
  z.object({
    op: z.literal('put'),
    ...ref,
    day: z.iso.date().nullable(),
    data: AnyJsonObject,
    alt: z.record(z.string(), AnyJsonObject).optional(),
  }),
  z.object({ op: z.literal('delete'), ...ref }),
  z.object({ op: z.literal('evict'), ...ref }).describe('Left this client’s window; still exists.'),
  z.object({ op: z.literal('alias'), ...ref, to: z.string() }).describe('Two records are one; the id is now `to`.'),
]);

export const PullAnswerShape: z.ZodType<PullResponse> = z.union([
  z.object({ mode: z.literal('none'), head: rev }).describe('Nothing changed; the cursor stays.'),
  z.object({
    mode: z.enum(['delta', 'snapshot']),
    reason: z
      .enum(['first', 'cursor_expired', 'epoch_changed', 'schema_changed', 'window_grew'])
      .optional()
      .describe('Why everything comes anew; on the first page of a snapshot alone.'),
    cursor: z.string(),
    hasMore: z.boolean(),
    head: rev,
    acks: z.record(z.string(), seq),
    changes: z.array(ChangeShape),
  }),
]);

export const SyncAnswerShape: z.ZodType<SyncResponse> = z.object({
  serverTime: z.iso.datetime(),
  push: PushAnswerShape.optional(),
  pull: PullAnswerShape.optional(),
});
