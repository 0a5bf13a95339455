/** The findings of `coach doctor`: one line each, and what to do below those that do not hold. */
import type { DoctorReport } from '../project/examine-hub.ts';
import { diskUseLines } from './disk-use.ts';
import { count, counted } from './figures.ts';
import { reason } from './plugins.ts';
import type { Style } from './style.ts';
import { padded } from './table.ts';

export function doctorScreen({ checks, counts, diskUse, plugins }: DoctorReport, style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, ok, detail, fix }) => [
    `${markOf({ ok, fix }, style)}  ${padded(name, width, 'left')}  ${detail}`,
    ...(fix === null ? [] : [`        ${' '.repeat(width)}  ${style.accent(fix)}`]),
  ]);
  const warnings = checks.filter(({ ok, fix }) => ok && fix !== null).length;
  const failed = checks.filter(({ ok }) => !ok).length;
  const summary =
    failed === 0
      ? warnings === 0
        ? 'Everything holds.'
        : `Everything holds; ${counted(warnings, 'warning')} above.`
      : `${counted(failed, 'check')} of ${checks.length} ${failed === 1 ? 'does' : 'do'} not hold.`;
  const rows = Object.entries(counts)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? count(value) : String(value)}`);
  return [
    lines.join('\n'),
    ...plugins.flatMap((info) => reason(info, style)),
    ...(rows.length === 0 ? [] : [style.faint(`rows  ${rows.join(' · ')}`)]),
    style.faint(diskUseLines(diskUse)),
    summary,
  ].join('\n\n');
}

/** A warning is a check that holds and still has something to do. */
function markOf({ ok, fix }: Pick<DoctorReport['checks'][number], 'ok' | 'fix'>, style: Style): string {
  if (!ok) return style.bad('not ok');
  return fix === null ? style.good('ok    ') : style.accent('warn  ');
}
