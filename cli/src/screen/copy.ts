/** What a copy into another database did. */
import type { CopyReport } from '../project/copy-data.ts';
import { bytes, count, counted } from './figures.ts';
import type { Style } from './style.ts';
import { pairs, table } from './table.ts';

export function copyScreen({ from, to, tables, blobs }: CopyReport, style: Style): string {
  const held = Object.entries(tables).filter(([, { rows }]) => rows > 0);
  const lines = held.map(([name, { rows, sha256 }]) => [name, count(rows), sha256.slice(0, 16)]);
  const total = Object.values(tables).reduce((sum, each) => sum + each.rows, 0);
  return [
    `${style.good('Copied and compared')}: ${counted(total, 'row')} of ${counted(Object.keys(tables).length, 'table')}`,
    pairs([
      ['from', from],
      ['to', to],
      ['large blobs', `${count(blobs.count)}, ${bytes(blobs.bytes)}`],
    ]),
    table([{ head: 'table' }, { head: 'rows', align: 'right' }, { head: 'SHA-256, equal on both sides' }], lines),
    ...(blobs.lost.length === 0
      ? []
      : [style.bad(`${counted(blobs.lost.length, 'blob')} the data names had been lost before.`)]),
    'Start the hub with this database from now on ("coach serve --db …", or COACH_DB), and never again without it.\nThe keys stay where they are.',
  ].join('\n\n');
}
