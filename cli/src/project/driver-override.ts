/**
 * The SQLite driver a new project needs beside its store: version 13 on Node 22 and newer, where 12 has no ready-made
 * binary and from 24.19 on ends the process; none on older ones, where the store's own fits (docs/decisions/0010).
 */
const FOR_NODE_22 = { 'better-sqlite3': '13.2.0' };

export function driverOverride(nodeVersion: string): { overrides?: { [packageName: string]: string } } {
  return Number.parseInt(nodeVersion, 10) >= 22 ? { overrides: FOR_NODE_22 } : {};
}
