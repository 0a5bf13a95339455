/** Emphasis on a terminal. Without colour every function returns its text as it is. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
}

const ESCAPE = '\u001B[';

export function createStyle(colour: boolean): Style {
  const code = (open: number, close: number) => (text: string) =>
    colour && text !== '' ? `${ESCAPE}${open}m${text}${ESCAPE}${close}m` : text;
  return { strong: code(1, 22), faint: code(2, 22), good: code(32, 39), bad: code(31, 39), accent: code(36, 39) };
}

export const plain = createStyle(false);

/** Length as it shows: escape sequences take no room. */
export function shownLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  return [...text.replace(/\u001B\[\d+m/g, '')].length;
}
