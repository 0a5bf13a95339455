import { failureReport, HubError, type Log } from '@coach-hub/core';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';
import { failurePage } from '../reply/failure-page.ts';
import { replyJsonText } from '../reply/json.ts';
import { internalError, PROBLEM_MEDIA_TYPE, problemOf } from './problem.ts';

/** Seconds to wait where the error names none. */
const DEFAULT_RETRY_AFTER_S = 5;

/** The one place where an error becomes an answer. */
export function errorHandler(log: Log) {
  return async (error: unknown, c: Context<HubEnv>): Promise<Response> => {
    const failure = error instanceof HubError ? error : internalError(error);
    report(log, failure, c);
    if (failure.status === 401) c.header('WWW-Authenticate', 'Bearer realm="coach-hub"');
    if (failure.status === 503 || failure.status === 429)
      c.header('Retry-After', String(failure.details.retryAfterS ?? DEFAULT_RETRY_AFTER_S));
    // What is left of such a body is not read, so nothing else can come on its connection.
    if (failure.status === 413) c.header('Connection', 'close');
    const problem = problemOf(failure, c.get('requestId'));
    if (c.get('failuresAs') === 'page') return failurePage(c, problem);
    return replyJsonText(c, JSON.stringify(problem), failure.status, PROBLEM_MEDIA_TYPE);
  };
}

/** `error` where a person must act. What a client did wrong, and what will pass, is `debug`. */
function report(log: Log, failure: HubError, c: Context<HubEnv>): void {
  const fields = { requestId: c.get('requestId'), route: c.get('route'), code: failure.code };
  if (failure.code === 'internal') {
    // A sender that hung up in the middle of its body is no failure of ours.
    if (c.req.raw.signal.aborted) log.debug('request abandoned', fields);
    else log.error('request failed', { ...fields, cause: failureReport(failure.cause ?? failure) });
  } else if (failure.status >= 500 && failure.retry === 'after_fix') {
    log.error('request failed', { ...fields, what: failure.what, why: failure.why, fix: failure.fix });
  } else {
    log.debug('request refused', fields);
  }
}
