/** What `coach fake` prints: how to point a hub at it, and what can be made to happen. */
import type { FakeCommand } from '@coach-hub/core';
import type { FakeReport } from '../serve/start-fake.ts';
import type { Style } from './style.ts';
import { pairs } from './table.ts';

export function fakeScreen(
  { displayName, url, config, environment, webhook, commands, faults, control }: FakeReport,
  style: Style,
  columns: number,
): string {
  const list = (name: string, address: string, body: string, entries: readonly FakeCommand[]) =>
    [
      `${style.strong(name)}  ${style.faint(`POST ${address} with JSON ${body}`)}`,
      pairs(
        entries.map((each) => [each.name, each.help] as const),
        '  ',
        columns,
      ),
    ].join('\n');
  const variables = Object.entries(environment).map(([name, value]) => `  export ${name}=${value}`);
  return [
    `A fake ${style.strong(displayName)} listens at ${style.accent(url)}`,
    `Paste into coach.config.json:\n${JSON.stringify(config, null, 2).split('\n').slice(1, -1).join('\n')}`,
    `Set where the hub starts:\n${variables.join('\n')}`,
    `It notifies\n  ${webhook}`,
    control === null ? null : list('Commands', `${control}/act/NAME`, '{…params}', commands),
    control === null ? null : list('Faults', `${control}/fault/NAME`, '{"times": 1}', faults),
    style.faint('Ctrl-C stops it.'),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}
