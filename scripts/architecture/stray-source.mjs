export const NAME = 'stray-source';
export const WHY =
  'The rules read src/ and fake/. Code beside them is bound by none: it could name a provider, read the clock or import anything.';

export function offences({ strays }) {
  return strays.map((path) => ({
    at: path,
    what: 'This script lies in a package but outside src/, fake/ and bin/, and is no config file.',
    fix: 'Move it to src/, or to scripts/ at the root when it only helps those who work on the code.',
  }));
}
