/**
 * Names of files in archives. They are labels for people and nothing else: nothing is ever written, opened or looked up
 * under them, so a hostile one can at most look odd.
 */

const MAX_LABEL = 500;
const ACTIVITY_NAME = /\.(fit|tcx|gpx)(\.gz)?$/i;
/** Says nothing about what is packed in it. */
const BARE_GZIP_NAME = /^[^.]+\.gz$/i;

/** Without control characters (a NUL, an escape of the terminal, a turn of the reading direction), `..` and a root. */
export function memberLabel(name: string): string {
  const shown = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '\uFFFD').replaceAll('\\', '/');
  const segments = shown.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  const label = segments.join('/') || 'unnamed';
  // The end tells files apart.
  return label.length <= MAX_LABEL ? label : `…${label.slice(-MAX_LABEL)}`;
}

/** Nothing of an encrypted archive can be looked at, so its name must do. */
export function isNamedLikeArchive(path: string): boolean {
  return /\.(zip|gz)$/i.test(path);
}

/** Whether somebody who sees the name expects a recording: then what is in it gets an answer, whatever it is. */
export function isNamedLikeActivity(path: string): boolean {
  const name = lastSegment(path);
  return ACTIVITY_NAME.test(name) || BARE_GZIP_NAME.test(name);
}

/** Files that systems put beside those of people: `.DS_Store`, `__MACOSX/._run.fit`. */
export function isHiddenName(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.') || segment === '__MACOSX');
}

/** `exports/12.fit.gz` → `12.fit`: what the recording itself is called. */
export function recordingName(path: string): string {
  return lastSegment(path).replace(/\.gz$/i, '');
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
