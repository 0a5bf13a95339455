import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyPage } from '../reply/page.ts';
import { replyReturn } from '../reply/return-to-app.ts';

const Params = z.object({ provider: z.string().min(1).max(100) });

/**
 * `GET /v1/connections/callback/:provider` is where the provider sends the athlete's browser after the consent. Answers
 * a page, or where an app waits, the way back into it with `?provider=&code=&state=` or `?error=`; the app then finishes
 * with `POST /v1/connections/finish`.
 */
export const returnFromProvider = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'returnFromProvider',
    method: 'get',
    path: '/v1/connections/callback/:provider',
    summary: 'The provider sends the browser here; it goes on to the app, where one waits',
    access: 'none', // the state in the address proves that this consent was started here
    once: true,
    failuresAs: 'page',
    params: Params,
    answers: {
      200: { description: 'A page that says it worked.', mediaType: 'text/html' },
      303: { description: 'Back into the app, where it named a link, with provider, code and state, or error.' },
    },
    problems: [
      'state_invalid',
      'consent_denied',
      'oauth_misconfigured',
      'provider_unavailable',
      'plugin_unknown',
      'return_url_not_allowed',
    ],
    async handle(c, { params }) {
      const redirect = await hub.connect.callback(params.provider, c.req.query());
      if (redirect.type === 'to_app') {
        const { returnUrl, code, state } = redirect;
        return replyReturn(c, returnUrl, { provider: params.provider, code, state });
      }
      return replyPage(c, {
        title: 'Connected',
        paragraphs: [
          `${redirect.connection.displayName} is connected. You can close this page and go back to the app.`,
        ],
      });
    },
  });
