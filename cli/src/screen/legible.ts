/** Control characters but the end of a line, and what turns the direction of reading. */
const UNSEEN = /[^\P{Cc}\n]|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
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
