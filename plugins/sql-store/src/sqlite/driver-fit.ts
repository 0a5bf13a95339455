/**
 * Whether this version of better-sqlite3 works on this Node. Two pairs end the process without a word, so they are
 * refused before the first database is opened: 12 on Node 24.19 and newer (an assertion when a statement is collected:
 * https://github.com/WiseLibs/better-sqlite3/issues/1515), 13 on Node before 22 (a segmentation fault).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HubError } from '@coach-hub/core';

const FIRST_NODE_FOR_13 = [22, 0] as const;
const FIRST_NODE_NOT_FOR_12 = [24, 19] as const;

/** The version of the driver to install instead; null when this one fits. */
export function fittingDriver(nodeVersion: string, driverVersion: string): '12.11.1' | '13.2.0' | null {
  const driverMajor = Number.parseInt(driverVersion, 10);
  if (driverMajor <= 12 && isFrom(nodeVersion, FIRST_NODE_NOT_FOR_12)) return '13.2.0';
  if (driverMajor >= 13 && !isFrom(nodeVersion, FIRST_NODE_FOR_13)) return '12.11.1';
  return null;
}

/** @throws HubError `database_driver_unfit`. */
export function assertDriverFits(): void {
  const version = installedVersion();
  const fitting = fittingDriver(process.versions.node, version);
  if (fitting === null) return;
  throw new HubError('database_driver_unfit', {
    what: 'The database was not opened.',
    why: `better-sqlite3 ${version} would end the process on Node ${process.versions.node}.`,
    fix: `Put "overrides": { "better-sqlite3": "${fitting}" } into the project's package.json, then run "npm install".`,
  });
}

/** From the file, because the package does not export its package.json. */
function installedVersion(): string {
  const main = createRequire(import.meta.url).resolve('better-sqlite3');
  return (JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string }).version;
}

function isFrom(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
