/** A mistake in the command line, told like every other failure. oclif finds most of them, in words of its own. */
import { stripVTControlCharacters } from 'node:util';
import type { Story } from './failure.ts';
import { UsageError } from './usage-error.ts';

/** oclif's words → ours. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^Nonexistent flags?: (.+)$/, 'There is no flag $1.'],
  [/^Unexpected arguments?: (.+)$/, 'It takes no further argument, got "$1".'],
  [/^Missing required flag (\S+)$/, '--$1 is missing.'],
  [/^Expected --(\S+?)=(.*) to be one of: (.+)$/, '--$1: expected one of $3, got "$2".'],
  [/^Flag --(\S+) expects one of these values: (.+)$/, '--$1: expected one of $2, got nothing.'],
  [/^Flag --(\S+) expects a value$/, '--$1: expected a value, got nothing.'],
  [/^Flag --(\S+) can only be specified once$/, '--$1: expected once, got it twice.'],
  [/^All of the following must be provided when using --(\S+): (.+)$/, '--$1 works only together with $2.'],
  [/^--(\S+?)(?:=.*)? cannot also be provided when using --(\S+)$/, '--$2 cannot be used together with --$1.'],
  [/^Command (.+) not found\.$/, 'There is no command "coach $1".'],
];

/** Headings, and advice about flags that take every word that follows; ours take one. */
const UNSAID = /^The following errors? occurred:|^See more help|^Note: --|^Alternatively, you can use/;

/** @param name of the command, `inbox show`. */
export function usageStory(error: Error, name: string): Story {
  return {
    code: 'bad_request',
    what: `"coach ${name}" cannot be run like this.`,
    why: error instanceof UsageError ? error.why : (missingArguments(error) ?? reworded(error.message)),
    fix: `See "coach ${name} --help".`,
    status: null,
    details: {},
  };
}

function reworded(message: string): string {
  return stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !UNSAID.test(line))
    .map((line) => REWORDED.reduce((text, [theirs, ours]) => text.replace(theirs, ours), line))
    .join('\n');
}

/** oclif's text is a table as wide as the terminal; its parts say the same in order. */
function missingArguments(error: Error): string | null {
  if (!/^Missing \d+ required arg/.test(error.message) || !('args' in error) || !Array.isArray(error.args)) return null;
  const missing = error.args as { name: string; description?: string }[];
  return missing.map(({ name, description = '' }) => `${name.toUpperCase()} is missing: ${description}`).join('\n');
}
