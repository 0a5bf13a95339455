/** The state of a database's schema. */
import type { DatabaseReport } from '../project/database.ts';
import { counted, minute } from './figures.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

export function databaseScreen({ dialect, location, migrations, applied }: DatabaseReport, style: Style): string {
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null).length;
  const rows = migrations.map(({ name, appliedAt }) => [
    name,
    appliedAt === null ? style.bad('pending') : minute(appliedAt),
    applied.includes(name) ? style.good('applied now') : '',
  ]);
  const summary =
    pending === 0 ? 'The database is up to date.' : `${counted(pending, 'migration')} pending: run "coach db migrate".`;
  return [
    `${style.strong(dialect)}  ${location}`,
    table([{ head: 'migration' }, { head: 'applied' }, { head: '' }], rows),
    summary,
  ].join('\n\n');
}
