/** What became of objects, and of the envelopes that were read for it. */
import type { ObjectChange, Renormalised, RenormaliseReport } from '@coach-hub/core';
import { counted } from './figures.ts';
import type { Style } from './style.ts';

const MAX_VALUE = 60;

/** One object: a line, and below it each field that changes. */
export function changeLines({ athleteId, kind, id, change, into, day, fields }: ObjectChange, style: Style): string {
  const what = change === 'joined' ? `joined into ${into}` : change;
  const head = [style.strong(`${kind} ${id}`), day, what, style.faint(athleteId)].filter((part) => part !== null);
  const lines = fields.map(
    ({ field, old, new: value }) => `    ${style.faint(field)}  ${shown(old)} → ${shown(value)}`,
  );
  return [head.join('  '), ...lines].join('\n');
}

export function renormaliseSummary({ dryRun, stopped, objects, plugins }: Renormalised, style: Style): string {
  const verb = dryRun ? 'would change' : 'changed';
  const lines = plugins.flatMap((report) => [
    pluginLine(report),
    ...notes(report).map((note) => style.faint(`  ${note}`)),
  ]);
  const end = dryRun ? ' Nothing was written.' : '';
  const how = stopped ? 'Stopped before the end; run it again to go on. ' : '';
  return [...lines, '', `${how}${counted(objects, 'object')} ${verb}.${end}`].join('\n');
}

function pluginLine({ plugin, mappingVersion, envelopes, read }: RenormaliseReport): string {
  return `${plugin}, mapping ${mappingVersion}: ${counted(read, 'envelope')} of ${envelopes} read.`;
}

function notes({ envelopes, withoutBytes, failed, erased, mappingVersion }: RenormaliseReport): string[] {
  const all: string[] = [];
  if (envelopes === 0)
    all.push(`Nothing was read by an older mapping. A changed one raises its version above ${mappingVersion}.`);
  if (withoutBytes > 0)
    all.push(
      `${counted(withoutBytes, 'more', 'more')} cannot be read: their bytes have passed their retention. What they said stays.`,
    );
  if (failed.length > 0) {
    const ids = failed.slice(0, 5).map(({ envelopeId, code }) => `${envelopeId} (${code})`);
    all.push(
      `${counted(failed.length, 'envelope')} could not be read; what they said stays: ${ids.join(', ')}${failed.length > 5 ? ', …' : ''}`,
    );
  }
  if (erased > 0) all.push(`${counted(erased, 'envelope')} erased meanwhile.`);
  return all;
}

function shown(value: unknown): string {
  if (value === null) return '–';
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}
