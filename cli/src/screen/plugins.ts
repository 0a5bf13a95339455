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
    stateOf(info, style),
    info.version,
    info.hasFake ? 'yes' : '',
    info.packageName,
    info.foundBy,
  ]);
  return [table(COLUMNS, rows), ...plugins.flatMap((info) => [...reason(info, style), ...setUp(info, style)])].join(
    '\n\n',
  );
}

function stateOf({ state, missing }: PluginInfo, style: Style): string {
  if (state !== 'ready') return style.bad('set aside');
  return missing.length === 0 ? style.good('ready') : style.accent('not set up');
}

/** What to set before athletes can connect accounts to it. */
function setUp(info: PluginInfo, style: Style): string[] {
  if (info.missing.length === 0) return [];
  return [`${style.accent(`${nameOf(info)} is not set up`)}\n  Set ${info.missing.join(', ')}.`];
}

function nameOf({ id, displayName }: Pick<PluginInfo, 'id' | 'displayName'>): string {
  return displayName === id ? id : `${displayName} (${id})`;
}

/** Why a plugin is set aside, each problem on a line of its own. */
export function reason(info: Pick<PluginInfo, 'id' | 'displayName' | 'state' | 'reason'>, style: Style): string[] {
  const { state, reason: why } = info;
  if (state === 'ready' || why === null) return [];
  return [
    `${style.bad(`${nameOf(info)} is set aside`)}\n${why
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}`,
  ];
}
