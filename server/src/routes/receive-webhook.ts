import type { InboundRequest, WebhookAnswer } from '@coach-hub/core';
import type { Context } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { bodyStream } from '../endpoint/body-stream.ts';
import { contentLength } from '../endpoint/content-length.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import type { HubEnv } from '../hub-env.ts';

/** A body this small is read at once: the usual notification, many times faster than as a stream. */
const READ_AT_ONCE_BYTES = 64 * 1024;

/** Statuses that must come without a body. */
const BODILESS = new Set([204, 205, 304]);

const Params = z.object({
  plugin: z.string().min(1).max(100),
  secret: z.string().max(500).optional().describe('The hub’s own secret, where the provider does not sign.'),
});

/** `/webhooks/:plugin/:secret?` takes in what a provider sends and answers what its adapter says, once it is on disk. */
export const receiveWebhook = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'receiveWebhook',
    method: 'all',
    path: '/webhooks/:plugin/:secret?',
    summary: 'Take in a provider’s notification',
    access: 'none',
    params: Params,
    answers: { 200: { description: 'Stored. Status and body are those the provider expects.', mediaType: '*/*' } },
    problems: ['not_found', 'payload_too_large', 'plugin_quarantined', 'busy'],
    async handle(c, { params }) {
      const answer = await hub.inbox.accept(params.plugin, params.secret ?? null, await inboundRequest(c));
      return reply(c, answer);
    },
  });

/** How large a body may be is the adapter's to say, so a larger one goes on as a stream that core cuts off. */
async function inboundRequest(c: Context<HubEnv>): Promise<InboundRequest> {
  const length = contentLength(c);
  const isSmall = length !== null && length <= READ_AT_ONCE_BYTES;
  return {
    method: c.req.method,
    headers: c.req.raw.headers,
    query: c.req.query(),
    body: isSmall ? new Uint8Array(await c.req.raw.arrayBuffer()) : bodyStream(c),
    contentLength: length,
  };
}

function reply(c: Context<HubEnv>, { status, headers, body }: WebhookAnswer): Response {
  c.set('bytes', Buffer.byteLength(body ?? ''));
  if (body !== undefined) c.header('Content-Type', 'text/plain; charset=utf-8');
  return c.newResponse(BODILESS.has(status) ? null : (body ?? ''), status as StatusCode, headers);
}
