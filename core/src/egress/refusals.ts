/** The errors of the way out. They show method, host and path; never a query, a header or a body. */
import { HubError } from '../error/hub-error.ts';

/** A request as errors and logs may show it. */
export function shown(method: string, url: URL): string {
  return `${method} ${url.host}${url.pathname}`;
}

export function refused(what: string, why: string): HubError {
  return new HubError('egress_refused', {
    what,
    why,
    fix: 'No byte was sent. Declare the host in the plugin’s manifest, or map it under egress.hosts to a public address.',
  });
}

export function tooLarge(request: string, maxBytes: number): HubError {
  return new HubError('egress_too_large', {
    what: `The answer to ${request} was cut off.`,
    why: `It is larger than the ${maxBytes} bytes allowed here.`,
    fix: 'Ask for less at once, or raise the limit where the adapter sets it.',
    details: { maxBytes },
  });
}

export function unavailable(request: string, why: string, cause?: unknown): HubError {
  return new HubError(
    'provider_unavailable',
    {
      what: `${request} got no answer.`,
      why,
      fix: 'The hub tries again by itself. If it lasts, see the provider’s status page.',
    },
    cause === undefined ? undefined : { cause: bareCause(cause) },
  );
}

export function budgetSpent(plugin: string, untilMs: number): HubError {
  return new HubError('rate_limited', {
    what: `A request to ${plugin} has to wait.`,
    why: 'The request budget that the provider grants is used up.',
    fix: 'Nothing to do: the work goes on at the time in `untilMs`.',
    details: { untilMs },
  });
}

/** Name, code and message of an error without what libraries hang on it: requests, headers, certificates. */
export function bareCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('unknown failure');
  const bare = new Error(error.message);
  bare.name = error.name;
  const code = codeOf(error);
  return code === null ? bare : Object.assign(bare, { code });
}

/** `code` of a system error, for example ECONNREFUSED. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
