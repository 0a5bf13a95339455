/** Finds packages the way Node does, and reads their package.json; runs none of their code. */
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What discovery reads of a package.json. */
export interface PackageJson {
  name: string;
  version: string;
  coach: unknown;
  exports: unknown;
  main: string | null;
  /** Direct dependencies that are there when the package runs. */
  dependencies: string[];
}

export interface PackageAt {
  /** Real path: a workspace's link and its folder are one package. */
  dir: string;
  json: PackageJson;
}

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/** Looks in the `node_modules` of `fromDir` and of every folder above it. Null when the package is not installed. */
export async function findPackage(name: string, fromDir: string): Promise<PackageAt | null> {
  if (!PACKAGE_NAME.test(name)) return null;
  for (let dir = fromDir; ; dir = dirname(dir)) {
    const found = basename(dir) === 'node_modules' ? null : await readPackage(join(dir, 'node_modules', name));
    if (found || dirname(dir) === dir) return found;
  }
}

/** The package in a folder; null when it has no readable package.json. */
export async function readPackage(folder: string): Promise<PackageAt | null> {
  try {
    const dir = await realpath(folder);
    const raw: unknown = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    return isRecord(raw) ? { dir, json: packageJsonOf(raw, dir) } : null;
  } catch {
    return null;
  }
}

function packageJsonOf(raw: { [key: string]: unknown }, dir: string): PackageJson {
  return {
    name: typeof raw.name === 'string' ? raw.name : basename(dir),
    version: typeof raw.version === 'string' ? raw.version : '0.0.0',
    coach: raw.coach,
    exports: raw.exports,
    main: typeof raw.main === 'string' ? raw.main : null,
    dependencies: [...keysOf(raw.dependencies), ...keysOf(raw.optionalDependencies)],
  };
}

function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
