/** Which file a subpath of a package means: Node's `exports`, as far as packages of plugins use it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PackageAt } from './package-location.ts';

/** Node's own conditions for `import`. Development adds the one under which sources are exported. */
export const DEFAULT_CONDITIONS: readonly string[] = ['node', 'import', 'default'];

/**
 * @param subpath `.` or `./name`.
 * @returns a file URL; null when the package does not export the subpath, or points out of itself.
 */
export function resolveExport({ dir, json }: PackageAt, subpath: string, conditions: readonly string[]): string | null {
  const target =
    json.exports === undefined ? withoutExports(json.main, subpath) : fromExports(json.exports, subpath, conditions);
  if (target === null || !isInside(target)) return null;
  return pathToFileURL(join(dir, target)).href;
}

function withoutExports(main: string | null, subpath: string): string {
  if (subpath !== '.') return subpath;
  const file = main ?? 'index.js';
  return file.startsWith('./') ? file : `./${file}`;
}

function fromExports(exports: unknown, subpath: string, conditions: readonly string[]): string | null {
  const bySubpath =
    isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.')) ? exports : { '.': exports };
  return Object.hasOwn(bySubpath, subpath) ? target(bySubpath[subpath], conditions) : null;
}

/** The first condition that holds wins, in the order the package wrote them. */
function target(entry: unknown, conditions: readonly string[]): string | null {
  if (typeof entry === 'string') return entry;
  const candidates = Array.isArray(entry)
    ? entry
    : isRecord(entry)
      ? Object.entries(entry).flatMap(([condition, inner]) =>
          condition === 'default' || conditions.includes(condition) ? [inner] : [],
        )
      : [];
  for (const candidate of candidates) {
    const found = target(candidate, conditions);
    if (found !== null) return found;
  }
  return null;
}

function isInside(path: string): boolean {
  return path.startsWith('./') && !path.split(/[\\/]/).some((part) => part === '..' || part === 'node_modules');
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
