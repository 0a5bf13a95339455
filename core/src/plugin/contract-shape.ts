/** What can be checked of a loaded plugin before it is trusted with anything. Unknown members pass through. */
import { z } from 'zod';
import { KINDS } from '../wire/kinds.ts';

const Fn = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'expected a function');
const OneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values);
const Texts = z.array(z.string());

const ACQUISITIONS: ReadonlySet<unknown> = new Set([
  'pull',
  'poll',
  'notify_fetch',
  'inline_push',
  'backfill_by_push',
  'phone',
  'file_import',
]);
const Acquisition = z.custom<ReadonlySet<string>>(
  (value) => value instanceof Set && value.size > 0 && [...value].every((each) => ACQUISITIONS.has(each)),
  `expected a Set of ${[...ACQUISITIONS].join(', ')}`,
);

const Stream = z.looseObject({
  kinds: z.array(z.enum(KINDS)).min(1),
  acquisition: Acquisition,
  permission: z.string().nullable(),
  time: z.looseObject({ instant: z.string(), day: z.string() }),
  expectedLatencyS: z.number().nullable(),
  provisional: z.boolean(),
  ambiguousOwner: z.boolean(),
});

const Limit = z.looseObject({
  scope: OneOf('app', 'project', 'user', 'token'),
  windowS: z.number().positive(),
  requests: z.union([z.number().positive(), z.object({ base: z.number(), perAthlete: z.number() })]),
  window: OneOf('fixed', 'rolling'),
  remainingHeader: z.string().nullable(),
});

const Policy = z.looseObject({
  retentionDays: z.number().nullable(),
  aiUse: OneOf('allowed', 'forbidden'),
  merging: OneOf('allowed', 'forbidden'),
  audience: OneOf('owner_only', 'owner_and_coach', 'any'),
  attribution: z.object({ text: z.string(), url: z.string() }).nullable(),
  deleteOnDisconnect: z.boolean(),
  region: z.string().nullable(),
});

const Endpoint = z.object({ host: z.string(), path: z.string().startsWith('/') });

const Auth = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('oauth2'),
    endpoints: z.object({ authorize: Endpoint, token: Endpoint }),
    pkce: z.boolean(),
    clientAuth: OneOf('body', 'basic'),
    scopes: Texts,
    scopeSeparator: OneOf(' ', ','),
    lifecycle: z.string(),
    expiryMarginS: z.number().min(0),
    codeTtlS: z.number().positive(),
    resolveIdentity: Fn,
    classifyRefreshFailure: Fn,
    afterConnect: Fn.optional(),
    revoke: Fn.optional(),
    grantedScopes: Fn.optional(),
    readTokenBody: Fn.optional(),
  }),
  z.looseObject({
    type: z.literal('app_key'),
    place: z.looseObject({ in: OneOf('header', 'query'), name: z.string() }),
  }),
  z.looseObject({
    type: z.literal('service_account'),
    place: z.looseObject({ in: OneOf('header', 'query'), name: z.string() }),
  }),
  z.looseObject({ type: z.literal('none') }),
]);

export const ProviderShape = z.looseObject({
  id: z.string(),
  displayName: z.string().min(1),
  variant: z.string().nullable(),
  lifecycle: z.looseObject({ state: z.string() }),
  mappingVersion: z.int().min(1),
  streams: z.record(z.string(), Stream),
  hosts: z.record(z.string(), z.string()),
  limits: z.array(Limit),
  policy: Policy,
  history: z.looseObject({ type: z.string() }),
  auth: Auth,
  webhook: z
    .looseObject({
      maxBytes: z.number().positive(),
      secret: OneOf('path', 'connection_path', 'none'),
      keepHeaders: Texts,
      verify: Fn,
      answer: z.looseObject({ status: z.int().min(200).max(299) }),
      deadlineS: z.number().positive(),
      split: Fn,
      handshake: Fn.optional(),
    })
    .optional(),
  pull: z
    .looseObject({ streams: Texts, fetchPage: Fn, classify: Fn, probe: Fn.optional(), commit: Fn.optional() })
    .optional(),
  backfill: z
    .looseObject({
      streams: Texts,
      mode: OneOf('by_push', 'by_pull'),
      maxWindowDays: z.number().positive(),
      request: Fn,
    })
    .optional(),
  query: z
    .looseObject({ type: OneOf('catalogue', 'environment'), queries: z.record(z.string(), z.unknown()), ask: Fn })
    .optional(),
  phone: z.looseObject({ types: z.record(z.string(), Texts) }).optional(),
  file: z.looseObject({ extensions: Texts, maxBytes: z.number().positive(), stream: z.string() }).optional(),
  push: z.looseObject({ kinds: Texts, upsert: Fn, remove: Fn }).optional(),
  scrub: Fn.optional(),
  normalise: Fn,
});

export const StoreShape = z.looseObject({ id: z.string(), opens: Fn, open: Fn });

export const EngineShape = z.looseObject({
  id: z.string(),
  version: z.int().min(1),
  on: z.array(z.enum(KINDS)),
  reads: z.array(z.enum(KINDS)),
  writes: z.array(z.enum(KINDS)),
  needs: Fn.optional(),
  run: Fn,
});

export const FakeShape = z.looseObject({ id: z.string(), start: Fn });
