import type { Context } from 'hono';
import type { Problem } from '../error/problem.ts';
import type { HubEnv } from '../hub-env.ts';
import { replyPage } from './page.ts';
import { replyReturn } from './return-to-app.ts';

/** A failure for a person in a browser: back in the app where core named the way, else on a page. */
export function failurePage(c: Context<HubEnv>, problem: Problem): Response {
  const { returnUrl } = problem;
  if (typeof returnUrl === 'string' && URL.canParse(returnUrl))
    return replyReturn(c, returnUrl, { error: problem.code });
  return replyPage(
    c,
    {
      title: 'That did not work',
      paragraphs: [problem.detail, problem.fix],
      note: `Code ${problem.code}, request ${problem.requestId}`,
    },
    problem.status,
  );
}
