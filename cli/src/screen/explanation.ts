/** An explanation as a table: fields under the rule that decided them, then the sources. */
import type { Explanation, FieldExplanation } from '@coach-hub/core';
import { counted } from './figures.ts';
import { legible } from './legible.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** Longer values are cut: the table stays one, and `--json` has all of it. */
const MAX_VALUE = 32;
const FIELD_COLUMNS = [{ head: 'field' }, { head: 'value' }, { head: 'decided by' }, { head: 'others' }];
const SOURCE_COLUMNS = [
  { head: 'source' },
  { head: 'form' },
  { head: 'recorded by' },
  { head: 'fields' },
  { head: 'its id' },
];

export function explanationScreen(explanation: Explanation, style: Style): string {
  const { sources, aliases } = explanation;
  return [
    title(explanation, style),
    fieldTable(explanation.fields, style),
    sources.length === 0 ? '' : table(SOURCE_COLUMNS, sources.map(sourceRow)),
    aliases.length === 0 ? '' : `also known as  ${aliases.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Fields of one rule stand together, under the rule in words. */
export function fieldTable(fields: readonly FieldExplanation[], style: Style): string {
  if (fields.length === 0) return 'No source states any field.';
  const groups = new Map<string, FieldExplanation[]>();
  for (const field of fields) groups.set(field.rule, [...(groups.get(field.rule) ?? []), field]);
  const ordered = [...groups.values()].flat();
  const lines = table(
    FIELD_COLUMNS,
    ordered.map((field) => fieldRow(field, style)),
  ).split('\n');
  const [head = '', ...rows] = lines;
  const shown = [style.faint(head)];
  for (const [rule, members] of groups) {
    shown.push('', style.accent(rule), ...rows.splice(0, members.length));
  }
  return shown.join('\n');
}

function title({ kind, id, rev, day, deleted, fields, sources }: Explanation, style: Style): string {
  const facts = [
    day === null ? null : day,
    `rev ${rev}`,
    counted(fields.length, 'field'),
    counted(sources.length, 'source'),
    deleted ? style.bad('deleted') : null,
  ];
  return `${kind} ${style.strong(id)}\n${style.faint(facts.filter((fact) => fact !== null).join(' · '))}`;
}

function fieldRow({ field, value, unit, decidedBy, others }: FieldExplanation, style: Style): string[] {
  const own = valueText(value, unit);
  const losing = others.map((other) => {
    const text = valueText(other.value, unit);
    return `${shortIds(other.source)} ${text === own ? 'same' : text}`;
  });
  return [field, own, decidedBy, style.faint(losing.join(', '))];
}

function sourceRow({ source, form, externalId, origin, fields }: Explanation['sources'][number]): string[] {
  return [source, form, origin, String(fields), cut(shortIds(legible(externalId)))];
}

/** The id of an imported file is its SHA-256: the first eight digits tell files apart. */
function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');
}

/** `10120 m`, `"Legs felt heavy"`, `[12 entries]`. */
export function valueText(value: unknown, unit: string | null): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return `[${counted(value.length, 'entry', 'entries')}]`;
  if (typeof value === 'object') return `{${counted(Object.keys(value).length, 'member')}}`;
  if (typeof value === 'string') return cut(legible(value).replaceAll('\n', ' '));
  const text =
    typeof value === 'number' && !Number.isInteger(value) ? String(Math.round(value * 1_000) / 1_000) : String(value);
  return unit === null ? text : `${text} ${unit}`;
}

function cut(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}
