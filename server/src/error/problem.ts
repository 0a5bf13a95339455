import { type ErrorCode, HubError, type SyncProblem } from '@coach-hub/core';

/** RFC 9457 problem details, with our stable code and what to do. */
export interface Problem extends SyncProblem {
  code: ErrorCode;
  fix: string;
  /** Names the request in the hub's log. */
  requestId: string;
  /** Extras of the error, such as `expected` of `seq_gap`. */
  [detail: string]: string | number | boolean | null | undefined;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Tells an error to a client. Members of its own come last, so no extra can replace them. */
export function problemOf(error: HubError, requestId: string): Problem {
  return {
    ...error.details,
    type: `urn:coach-hub:error:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    code: error.code,
    detail: `${error.what} ${error.why}`,
    fix: error.fix,
    requestId,
  };
}

/** What a client learns of a failure nobody foresaw: that it happened, and under which id the log tells it. */
export function internalError(cause: unknown): HubError {
  return new HubError(
    'internal',
    {
      what: 'The hub failed to answer.',
      why: 'Something went wrong inside it that it was not prepared for.',
      fix: 'Try again later. An operator finds the cause in the log under the request id.',
    },
    { cause },
  );
}

/** `seq_gap` → `Seq gap`. */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
