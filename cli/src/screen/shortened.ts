const MAX_NAME = 40;

/** The name of a file, fit for one line: whoever named it may have meant the terminal. */
export function shortened(name: string): string {
  const shown = name.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
  return shown.length <= MAX_NAME ? shown : `${shown.slice(0, MAX_NAME - 1)}…`;
}
