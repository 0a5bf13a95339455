/** Where plugins come from when a project names none: the packages this CLI was installed with. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The CLI's own package and the one it was installed into, if any: a project, a global folder, or the checkout.
 *
 * @param from a file of this package.
 */
export function ownPackages(from: string = fileURLToPath(import.meta.url)): string[] {
  const own = nearestPackage(dirname(from));
  if (own === null) return [];
  const host = nearestPackage(dirname(own));
  return host === null ? [own] : [own, host];
}

function nearestPackage(from: string): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dirname(dir) === dir) return null;
  }
}
