/**
 * What may be told of a mapping that failed. Messages of foreign errors quote what they choked on, which are health
 * values here, so only the kind of error and the place in the code leave this file.
 */
import { HubError } from '../error/hub-error.ts';

export interface NormaliseFailure {
  what: string | null;
  why: string;
}

/** Plain data, because a worker sends it. Errors of a plugin's own copy of core are known by their members. */
export function describeFailure(error: unknown): NormaliseFailure {
  if (!(error instanceof Error)) return { what: null, why: 'It threw something that is no Error.' };
  if (error.name === 'HubError' && 'what' in error && 'why' in error) {
    return { what: String(error.what), why: String(error.why) };
  }
  if ('issues' in error && Array.isArray(error.issues)) return { what: null, why: issuesText(error.issues) };
  const frame = /\n\s+at (?:.*\()?(?:.*\/)?([^/\n]+:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1];
  return { what: null, why: `${error.name}${frame === undefined ? '' : ` at ${frame}`}.` };
}

export function normaliseFailed(plugin: string, { what, why }: NormaliseFailure): HubError {
  return new HubError('normalise_failed', {
    what: what ?? `The plugin "${plugin}" could not read what came in.`,
    why,
    fix: 'It is kept. Correct the adapter, then run "coach inbox replay".',
  });
}

/** Paths and codes of a schema's complaints; never the values. */
function issuesText(issues: readonly unknown[]): string {
  const lines = issues.slice(0, 5).map((issue) => {
    const { path = [], code = 'invalid' } = issue as { path?: PropertyKey[]; code?: string };
    return `${path.map(String).join('.') || '(whole)'}: ${code}`;
  });
  return `It has not the expected shape: ${lines.join(', ')}${issues.length > 5 ? ', …' : ''}.`;
}
