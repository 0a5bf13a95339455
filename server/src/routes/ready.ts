import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';

const Ready = z.object({ ok: z.boolean(), checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) });

const DRAINING = { ok: false, checks: [{ name: 'draining', ok: false }] };

/** `GET /readyz` answers 200 when the hub can do its work and 503 when not or when it is about to stop; details are `coach doctor`'s, not the public's. */
export const ready = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'ready',
    method: 'get',
    path: '/readyz',
    summary: 'Whether the hub can do its work',
    access: 'none',
    answers: {
      200: { description: 'Every check holds.', schema: Ready },
      503: { description: 'Some check does not.', schema: Ready },
    },
    async handle(c) {
      if (c.env?.draining?.aborted) return replyJson(c, DRAINING, 503);
      const { ok, checks } = await hub.health.ready();
      return replyJson(c, { ok, checks: checks.map((check) => ({ name: check.name, ok: check.ok })) }, ok ? 200 : 503);
    },
  });
