import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';

/** `GET /healthz` answers 200 as long as the process answers at all. */
export const live = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'live',
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process answers',
    access: 'none',
    answers: { 200: { description: 'It does.', schema: z.object({ ok: z.literal(true) }) } },
    handle: (c) => replyJson(c, hub.health.live()),
  });
