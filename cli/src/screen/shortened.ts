import { legible } from './legible.ts';

const MAX_NAME = 40;

/**
 * The name of a file, fit for one line: whoever named it may have meant the terminal. Cut in the middle, because what
 * tells files apart is the date in front or the number and the ending behind.
 */
export function shortened(name: string, width = MAX_NAME): string {
  const letters = [...legible(name).replace(/[\n\u200C\u200D]/g, '\uFFFD')];
  if (letters.length <= width) return letters.join('');
  const kept = width - 1;
  return `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(-Math.floor(kept / 2)).join('')}`;
}
