/** Plugins for an operator: what there is, and what to do about the ones set aside. */
import type { PluginInfo } from '@coach-hub/core';
import type { Style } from './style.ts';
import { table } from './table.ts';

const COLUMNS = [
  { head: 'plugin' },
  { head: 'kind' },
  { head: 'state' },
  { head: 'version' },
  { head: 'fake' },
  { head: 'package' },
  { head: 'found by' },
];

export function pluginsScreen(plugins: readonly PluginInfo[], style: Style): string {
  if (plugins.length === 0)
    return 'No plugins found. Add one to the dependencies of the project, or give --plugin PATH.';
  const rows = plugins.map((info) => [
    style.strong(info.id),
    info.kinds.join(', '),
    info.state === 'ready' ? style.good('ready') : style.bad('set aside'),
    info.version,
    info.hasFake ? 'yes' : '',
    info.packageName,
    info.foundBy,
  ]);
  return [table(COLUMNS, rows), ...plugins.flatMap((info) => reason(info, style))].join('\n\n');
}

/** Why a plugin is set aside, each problem on a line of its own. */
export function reason(
  { id, displayName, state, reason: why }: Pick<PluginInfo, 'id' | 'displayName' | 'state' | 'reason'>,
  style: Style,
): string[] {
  if (state === 'ready' || why === null) return [];
  const name = displayName === id ? id : `${displayName} (${id})`;
  return [
    `${style.bad(`${name} is set aside`)}\n${why
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}`,
  ];
}
