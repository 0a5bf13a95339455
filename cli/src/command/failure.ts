/** A failure as a person or a program reads it: what, why, what to do, and the code to look up. */
import { legible } from '../screen/legible.ts';
import type { Style } from '../screen/style.ts';

/** An error that tells its story, whichever package made it. */
export interface Story {
  code: string;
  what: string;
  why: string;
  fix: string;
  status: number | null;
  details: { [key: string]: unknown };
}

/** By shape and not by class, so that core need not be loaded to report that it could not be. */
export function storyOf(error: unknown): Story | null {
  if (!(error instanceof Error)) return null;
  const { code, what, why, fix, status, details } = error as Partial<Story> & Error;
  if (typeof code !== 'string' || typeof what !== 'string' || typeof why !== 'string' || typeof fix !== 'string')
    return null;
  return { code, what, why, fix, status: status ?? null, details: details ?? {} };
}

/** Lines for a terminal. Several problems stand below each other. */
export function failureScreen({ code, what, why, fix }: Story, style: Style): string {
  const label = (name: string) => style.faint(name.padEnd(4));
  const [first = '', ...more] = legible(why).split('\n');
  return [
    style.bad(legible(what)),
    `  ${label('why')}  ${first}`,
    ...more.map((line) => `        ${line}`),
    `  ${label('do')}  ${legible(fix)}`,
    `  ${label('code')}  ${code}${style.faint(`  docs/errors.md#${code}`)}`,
  ].join('\n');
}

/** Problem details as the server sends them (RFC 9457). */
export function failureProblem({ code, what, why, fix, status, details }: Story): { [key: string]: unknown } {
  const title = code.replaceAll('_', ' ');
  return {
    ...details,
    type: `urn:coach-hub:error:${code}`,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    ...(status === null ? {} : { status }),
    code,
    detail: `${what} ${why}`,
    fix,
  };
}
