/** What a server says of itself when it is ready. */
import { reason } from '../screen/plugins.ts';
import type { Style } from '../screen/style.ts';
import { pairs } from '../screen/table.ts';
import type { ServeReport } from './start-serving.ts';

const NO_PUBLIC_URL = 'not set: accounts can be connected once publicUrl says how providers reach this hub';

export function banner(report: ServeReport, version: string, style: Style): string {
  const { url, publicUrl, data, plugins, loopback } = report;
  const ready = plugins.filter(({ state }) => state === 'ready').map(({ id }) => id);
  const facts: [string, string][] = [
    ['address', style.accent(url)],
    ['public', publicUrl ?? style.faint(NO_PUBLIC_URL)],
    ['data', data],
    ['plugins', ready.join(', ') || 'none'],
    ...(loopback.length === 0 ? [] : ([['egress', `loopback allowed: ${loopback.join(', ')}`]] as [string, string][])),
  ];
  return [
    `${style.strong('Coach Hub')} ${style.faint(version)}`,
    pairs(facts, '  '),
    ...plugins.flatMap((plugin) => reason(plugin, style)),
    style.faint('Ctrl-C stops it.'),
  ].join('\n\n');
}
