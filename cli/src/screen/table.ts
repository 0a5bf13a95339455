/** Rows in columns as wide as their widest cell. */
import { shownLength } from './style.ts';
import { wrapped } from './wrap.ts';

export interface Column {
  head: string;
  align?: 'left' | 'right';
}

const GAP = '  ';

/** Without rows there is no table. The head is left out when no column has one. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const hasHead = columns.some(({ head }) => head !== '');
  const all = hasHead ? [columns.map(({ head }) => head), ...rows] : rows;
  const widths = columns.map((_, at) => Math.max(...all.map((row) => shownLength(row[at] ?? ''))));
  return all.map((row) => line(row, columns, widths)).join('\n');
}

/**
 * `name  value` pairs, the values below each other.
 *
 * @param columns width in which values are broken into lines; without it each is one line.
 */
export function pairs(entries: readonly (readonly [string, string])[], indent = '', columns?: number): string {
  const width = Math.max(0, ...entries.map(([name]) => shownLength(name)));
  const margin = indent.length + width + GAP.length;
  return entries
    .map(([name, value]) => {
      const lines = columns === undefined ? [value] : wrapped(value, columns - margin);
      return `${indent}${padded(name, width, 'left')}${GAP}${lines.join(`\n${' '.repeat(margin)}`)}`.trimEnd();
    })
    .join('\n');
}

export function padded(text: string, width: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, width - shownLength(text)));
  return align === 'right' ? room + text : text + room;
}

function line(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return columns
    .map(({ align = 'left' }, at) => padded(row[at] ?? '', widths[at] ?? 0, align))
    .join(GAP)
    .trimEnd();
}
