/** Who calls the API: the account behind the Bearer token, or the answer that refuses the call. */
import type { Context } from 'hono';
import { faultAnswer } from './fault-answer.ts';
import type { Faults } from './faults.ts';
import { type Account, isGood, type World } from './world.ts';

export type Caller = { account: Account } | { refusal: Response };

export function callerOf(c: Context, world: World, faults: Faults): Caller {
  const fault = faultAnswer(c, faults, 'api');
  if (fault !== null) return { refusal: fault };
  const [scheme, value = ''] = (c.req.header('authorization') ?? '').split(' ');
  const token = world.accessTokens.get(value);
  if (token !== undefined && isGood(token, world) && faults.take('expire') !== null) token.ended = true;
  const account = world.accounts.get(token?.userId ?? '');
  if (account !== undefined && !account.registered) return { refusal: refuse(c, 403, 'Unknown user.') };
  if (scheme?.toLowerCase() !== 'bearer' || account === undefined || !isGood(token, world)) {
    return { refusal: refuse(c, 401, 'Token is not active') };
  }
  return { account };
}

export function refuse(c: Context, status: 400 | 401 | 403 | 404 | 410 | 412, errorMessage: string): Response {
  return c.json({ errorMessage }, status);
}
