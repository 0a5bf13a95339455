import type { Problem } from '../error/problem.ts';

/** The problem an answer tells; fails when it tells none. */
export async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`No problem: ${response.status} ${await response.text()}`);
  return (await response.json()) as Problem;
}
