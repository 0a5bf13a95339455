/** What `coach` answers to a command it does not have: the nearest ones, and exit code 64. */
import type { Hook } from '@oclif/core/interfaces';
import { EXIT } from './exit-code.ts';

const MAX_SUGGESTIONS = 3;

const commandNotFound: Hook<'command_not_found'> = async function ({ id, config }) {
  // What follows a command comes as a part of its name; only a topic has a second word.
  const [first = '', second] = id.split(':');
  const isTopic = config.commandIDs.some((each) => each.startsWith(`${first}:`));
  const typed = isTopic && second !== undefined ? `${first} ${second}` : first;
  const near = config.commandIDs
    .map((each) => each.replaceAll(':', ' '))
    .filter((name) => isNear(name, typed))
    .slice(0, MAX_SUGGESTIONS);
  const hint = near.length === 0 ? '' : `Did you mean ${near.map((name) => `"coach ${name}"`).join(' or ')}? `;
  process.stderr.write(`There is no command "coach ${typed}". ${hint}"coach help" lists them all.\n`);
  this.exit(EXIT.usage);
};
export default commandNotFound;

/** One within the other, or at most two letters apart. */
export function isNear(name: string, typed: string): boolean {
  return name.includes(typed) || typed.includes(name) || distanceBetween(name, typed) <= 2;
}

/** Letters to add, drop or change to make one of the other (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
