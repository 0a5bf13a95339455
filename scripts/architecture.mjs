/**
 * Checks the rules of the house that no type checker sees: who may import whom, no cycles, no vendor in core, no hidden
 * inputs. `--root DIR` checks another tree. One rule per file in ./architecture; each has a test that breaks it.
 */
import { findOffences } from './architecture/rules.mjs';
import { rootArgument } from './root-argument.mjs';

const { offences, fileCount, ruleCount } = findOffences(rootArgument());
for (const { rule, at, what, why, fix } of offences) {
  console.error(`${at}  [${rule}]\n  what: ${what}\n  why:  ${why}\n  do:   ${fix}\n`);
}
if (offences.length > 0) {
  console.error(`architecture: ${offences.length} ${offences.length === 1 ? 'offence' : 'offences'}`);
  process.exitCode = 1;
} else {
  console.log(`architecture: ${fileCount} files, ${ruleCount} rules, no offence`);
}
