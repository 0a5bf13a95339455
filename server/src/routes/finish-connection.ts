import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyPage } from '../reply/page.ts';
import { replyReturn } from '../reply/return-to-app.ts';

const Params = z.object({ provider: z.string().min(1).max(100) });

/**
 * `GET /v1/connections/callback/:provider` is where the provider sends the athlete's browser after the consent. Answers
 * a page, or the way back into the app with `?connected=` or `?error=`.
 */
export const finishConnection = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'finishConnection',
    method: 'get',
    path: '/v1/connections/callback/:provider',
    summary: 'Finish connecting an account; the provider sends the browser here',
    access: 'none', // the state in the address proves that this consent was started here
    once: true,
    failuresAs: 'page',
    params: Params,
    answers: {
      200: { description: 'A page that says it worked.', mediaType: 'text/html' },
      303: { description: 'Back into the app, where it named a link.' },
    },
    problems: ['state_invalid', 'consent_denied', 'oauth_misconfigured', 'provider_unavailable', 'plugin_unknown'],
    async handle(c, { params }) {
      const { connection, returnUrl } = await hub.connect.callback(params.provider, c.req.query());
      if (returnUrl !== null) return replyReturn(c, returnUrl, { connected: params.provider });
      return replyPage(c, {
        title: 'Connected',
        paragraphs: [`${connection.displayName} is connected. You can close this page and go back to the app.`],
      });
    },
  });
