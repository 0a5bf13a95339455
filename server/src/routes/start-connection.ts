import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { CLIENT_ID } from '../shape/sync-headers.ts';

const Headers = z.object({
  'sync-client': z.string().regex(CLIENT_ID).optional().describe('Binds the consent to this installation of the app.'),
});
const Body = z.object({
  provider: z.string().min(1).max(100),
  returnUrl: z
    .url()
    .max(2_000)
    .nullable()
    .default(null)
    .describe('Where the app wants the browser back, with code and state to finish with; on the allow list.'),
});
const Started = z.object({ connectionId: z.string(), authorizeUrl: z.url(), expiresAt: z.iso.datetime() });

/** `POST /v1/connections` starts connecting an account and answers 201 with the address for the athlete's browser. */
export const startConnection = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'startConnection',
    method: 'post',
    path: '/v1/connections',
    summary: 'Start connecting an account',
    access: 'athlete',
    headers: Headers,
    body: Body,
    answers: { 201: { description: 'Open authorizeUrl in the athlete’s browser.', schema: Started } },
    problems: [
      'plugin_unknown',
      'plugin_quarantined',
      'not_supported',
      'return_url_not_allowed',
      'public_url_required',
    ],
    async handle(c, { caller, headers, body }) {
      const started = await hub.connect.start({
        athleteId: caller.athleteId,
        clientId: headers['sync-client'] ?? null,
        provider: body.provider,
        returnUrl: body.returnUrl,
      });
      return replyJson(c, started, 201);
    },
  });
