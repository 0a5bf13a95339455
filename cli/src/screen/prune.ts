/** What was pruned, or would be. */
import type { PruneReport } from '@coach-hub/core';
import { bytes, count } from './figures.ts';
import { table } from './table.ts';

const COLUMNS = [
  { head: 'what' },
  { head: 'kept for', align: 'right' as const },
  { head: 'past it', align: 'right' as const },
  { head: '', align: 'right' as const },
];

export function pruneScreen({ dryRun, stopped, pruned }: PruneReport): string {
  const rows = pruned.map(({ what, days, count: found, bytes: size }) => [
    what.replaceAll('_', ' '),
    days === null ? 'while named' : `${count(days)} d`,
    count(found),
    size === null || size === 0 ? '' : bytes(size),
  ]);
  const all = pruned.reduce((sum, { count: found }) => sum + found, 0);
  const summary = dryRun ? `${count(all)} would go. Nothing was removed.` : `${count(all)} gone.`;
  return `${table(COLUMNS, rows)}\n\n${stopped ? 'Stopped; the next run goes on. ' : ''}${summary}`;
}
