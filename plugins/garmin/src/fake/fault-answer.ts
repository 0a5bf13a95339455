/** Answers that faults put in place of the real one: 429 and 5xx. */
import type { Context } from 'hono';
import type { Faults } from './faults.ts';
import { numberParam, type Params, textParam } from './params.ts';

export function faultAnswer(c: Context, faults: Faults, place: 'api' | 'token'): Response | null {
  const applies = (params: Params) => [place, 'any'].includes(textParam(params, 'where', 'api'));
  const limited = faults.take('http_429', applies);
  if (limited !== null) {
    c.header('retry-after', String(numberParam(limited, 'retryAfterS', 1)));
    return c.json({ errorMessage: 'Quota exceeded.' }, 429);
  }
  const failed = faults.take('http_5xx', applies);
  if (failed === null) return null;
  const status = numberParam(failed, 'status', 503);
  return c.json({ errorMessage: 'Temporarily unavailable.' }, status === 500 || status === 502 ? status : 503);
}
