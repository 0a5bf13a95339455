import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tree a check looks at: the value of `--root DIR`, else this repository. */
export function rootArgument(argv = process.argv) {
  const at = argv.indexOf('--root');
  if (at < 0) return dirname(dirname(fileURLToPath(import.meta.url)));
  const value = argv[at + 1];
  if (value === undefined) throw new Error('--root needs a folder');
  return resolve(value);
}
