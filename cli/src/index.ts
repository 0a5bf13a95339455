/** The `coach` command for programs: `await run(['import', 'run.fit', '--athlete', 'demo'])`. */
import { fileURLToPath } from 'node:url';
import { run as runOclif } from '@oclif/core/run';

/** Runs a command line and resolves with the report it would print as JSON. */
export function run(args: readonly string[]): Promise<unknown> {
  return runOclif([...args], fileURLToPath(new URL('..', import.meta.url)));
}
