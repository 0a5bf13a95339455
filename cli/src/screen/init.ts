/** What `coach init` made, and what comes next. */
import type { InitReport } from '../project/init-project.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

export function initScreen({ dir, files, adminKey }: InitReport, style: Style): string {
  const rows = files.map(({ path, outcome }) => [
    outcome === 'kept' ? style.faint(outcome) : style.good(outcome),
    path,
  ]);
  return [
    style.strong(dir),
    table([{ head: '' }, { head: '' }], rows),
    ...(adminKey === null ? [] : [`Key of the first operator, shown only now:\n  ${style.strong(adminKey)}`]),
    'Next: coach serve',
  ].join('\n\n');
}
