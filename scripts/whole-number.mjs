/** Options of scripts that are whole numbers. */

/** @param options as `parseArgs` gives them. Ends the process with a message when it is none. */
export function wholeNumber(options, name) {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 0) refuse(`--${name}: expected a whole number, got "${options[name]}"`);
  return value;
}

/** Ends the process: it was asked for something that is not there. */
export function refuse(text) {
  console.error(text);
  process.exit(1);
}
