import type { ErrorCode } from '@coach-hub/core';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Auth } from '../auth/auth.ts';
import { type Access, authorise, type CallerOf } from '../auth/authorise.ts';
import type { HubEnv } from '../hub-env.ts';
import { check } from './check.ts';
import { readJson } from './read-json.ts';

/** One kind of answer, as `/openapi.json` tells it. */
export interface Answer {
  description: string;
  /** Shape of a JSON answer. */
  schema?: z.ZodType;
  /** Media type of any other answer. */
  mediaType?: string;
}

/** What is known of an endpoint without running it. */
export interface EndpointFacts {
  /** Its name in the API description, a verb. */
  id: string;
  method: 'get' | 'post' | 'delete' | 'all';
  /** Pattern in Hono's notation. */
  path: string;
  summary: string;
  access: Access;
  params?: z.ZodType;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  answers: { readonly [status: number]: Answer };
  /** Failures beyond those that any endpoint of its kind can answer. */
  problems?: readonly ErrorCode[];
  /** A call uses something up, so a mere look (HEAD) must not run it. */
  once?: boolean;
}

export interface Input<A extends Access, P, Q, H, B> {
  caller: CallerOf<A>;
  params: P;
  query: Q;
  headers: H;
  body: B;
}

export interface EndpointSpec<A extends Access, P, Q, H, B> extends EndpointFacts {
  access: A;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  headers?: z.ZodType<H>;
  body?: z.ZodType<B>;
  /** Largest body, bytes, before and after decompression. Default: `limits.bodyBytes`. */
  maxBodyBytes?: number;
  failuresAs?: 'problem' | 'page';
  /** Refuses a request before anything else of it is read. */
  guard?(c: Context<HubEnv>): void;
  handle(c: Context<HubEnv>, input: Input<A, P, Q, H, B>): Response | Promise<Response>;
}

/** An endpoint ready to be mounted. */
export interface Endpoint extends EndpointFacts {
  answer(c: Context<HubEnv>, auth: Auth): Promise<Response>;
}

/**
 * Defines an endpoint: who may call it, the shape of its input, what it answers.
 *
 * The schemas both check requests and become `/openapi.json`, so the description cannot drift from the code.
 * `handle` runs only with a caller who may and with input that fits.
 */
export function endpoint<const A extends Access, P = undefined, Q = undefined, H = undefined, B = undefined>(
  spec: EndpointSpec<A, P, Q, H, B>,
): Endpoint {
  return {
    ...spec,
    async answer(c, auth) {
      c.set('route', spec.path);
      c.set('failuresAs', spec.failuresAs ?? 'problem');
      if (spec.once && c.req.method === 'HEAD') return c.body(null, 204);
      spec.guard?.(c);
      const caller = await authorise(auth, spec.access, c.req.header('authorization'), c.req.query('athlete'));
      return spec.handle(c, await readInput(c, spec, caller as CallerOf<A>));
    },
  };
}

/** The body comes last: nothing of it is read for somebody who may not, or whose address is wrong already. */
async function readInput<A extends Access, P, Q, H, B>(
  c: Context<HubEnv>,
  spec: EndpointSpec<A, P, Q, H, B>,
  caller: CallerOf<A>,
): Promise<Input<A, P, Q, H, B>> {
  return {
    caller,
    params: (spec.params && check('path', spec.params, c.req.param())) as P,
    query: (spec.query && check('query', spec.query, c.req.query())) as Q,
    headers: (spec.headers && check('header', spec.headers, c.req.header())) as H,
    body: (spec.body && check('body', spec.body, await readJson(c, spec.maxBodyBytes ?? c.get('maxBodyBytes')))) as B,
  };
}
