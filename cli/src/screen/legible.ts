/** What is not seen but the end of a line, and the joiners that letters of some languages and emoji need. */
const UNSEEN = /(?![\n\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const SHOWN = '\uFFFD';

/**
 * Words of others, which could do things to a terminal: move its cursor, clear it, or write what the hub never said.
 * Whoever puts them on a screen asks for this.
 */
export function legible(text: string): string {
  return text.replace(UNSEEN, SHOWN);
}

/** The same for a whole screen, should somebody not have asked: its emphasis stays. */
export function legibleScreen(screen: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  return screen.replace(/(\u001B\[\d+m)|([^\u001B]+|\u001B)/g, (_, emphasis, rest) => emphasis ?? legible(rest));
}
