/**
 * `npm test`: one run of vitest over the whole repository. Arguments go on to vitest: `npm test -- core/src/ledger`.
 * The last line of output is `N passed, M failed`; what was skipped, and why, is said before it.
 */
import { rootArgument } from './root-argument.mjs';
import { runTests, summaryLine } from './testing/run-tests.mjs';

const args = process.argv.slice(2);
const at = args.indexOf('--root');
if (at >= 0) args.splice(at, 2);

const result = runTests({ root: rootArgument(), args });
process.exitCode = result.exitCode;
console.log(summaryLine(result));
