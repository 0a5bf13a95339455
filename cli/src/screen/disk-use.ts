/** Room taken, the largest first. */
import type { DiskUse } from '@coach-hub/core';
import { bytes, count } from './figures.ts';

/** Tables below this share of the whole, and all but the largest few, are told together. */
const SMALL = 0.01;
const SHOWN = 3;

export function diskUseLines({ databaseBytes, walBytes, freeBytes, tables, blobs }: DiskUse): string {
  const all = Object.entries(tables).sort(([, a], [, b]) => b - a);
  const total = all.reduce((sum, [, size]) => sum + size, 0);
  const large = all.filter(([, size]) => size >= total * SMALL).slice(0, SHOWN);
  const rest = all.slice(large.length).reduce((sum, [, size]) => sum + size, 0);
  const shown = [...large, ...(rest === 0 ? [] : [['others', rest] as const])];
  const kinds = Object.entries(blobs).map(([kind, taken]) => `${kind} ${count(taken.count)}, ${bytes(taken.bytes)}`);
  return [
    [
      `disk  database ${bytes(databaseBytes)}`,
      ...(walBytes === null ? [] : [`write-ahead log ${bytes(walBytes)}`]),
      ...(freeBytes === null ? [] : [`free within ${bytes(freeBytes)}`]),
    ].join(' · '),
    `      ${shown.map(([table, size]) => `${table} ${bytes(size)}`).join(' · ')}`,
    `      blobs of ${kinds.join(' · ')}`,
  ].join('\n');
}
