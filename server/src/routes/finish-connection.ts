import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ConnectionShape } from '../shape/connection.ts';
import { CLIENT_ID } from '../shape/sync-headers.ts';

const Headers = z.object({
  'sync-client': z.string().regex(CLIENT_ID).optional().describe('As at the start; required when the start had one.'),
});
const Body = z.object({
  provider: z.string().min(1).max(100),
  code: z.string().min(1).max(4_000),
  state: z.string().min(1).max(200),
});

/**
 * `POST /v1/connections/finish` connects the account with what the browser brought back to the app, and answers the
 * connection. Only for the athlete and the installation that started it, so a link opened by somebody else is worthless.
 */
export const finishConnection = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'finishConnection',
    method: 'post',
    path: '/v1/connections/finish',
    summary: 'Finish connecting an account, with what the browser brought back to the app',
    access: 'athlete',
    headers: Headers,
    body: Body,
    answers: { 200: { description: 'The connection.', schema: ConnectionShape } },
    problems: ['state_invalid', 'oauth_misconfigured', 'provider_unavailable', 'plugin_unknown'],
    async handle(c, { caller, headers, body }) {
      const { athleteId } = caller;
      return replyJson(c, await hub.connect.finish({ athleteId, clientId: headers['sync-client'] ?? null, ...body }));
    },
  });
