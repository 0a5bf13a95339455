import { existsSync, readdirSync } from 'node:fs';

/**
 * Named build entries of a package, run from its folder, without those whose source is not written yet.
 * `npm run build:types` then names the exports that lead nowhere.
 */
export function existing(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(source)));
}

/** One entry per TypeScript file below `folder`, tests left out: `src/commands/db/status.ts` → `commands/db/status`. */
export function entryPerFile(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[^.]+\.ts$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'));
  return Object.fromEntries(sources.map((source) => [source.replace(/^src\//, '').replace(/\.ts$/, ''), source]));
}
