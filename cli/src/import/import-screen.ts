/**
 * Rows of an import for people. Widths are known before the first row, so each can be printed as it comes.
 *
 * The id of an object is long. Where the line has no room for it, it stands below, with what follows in a wide one; why a
 * file was not read, or not to its end, always stands below.
 */
import { basename } from 'node:path';
import { DAMAGE, type ImportRow } from '@coach-hub/core';
import { isNamedLikeArchive } from '@coach-hub/core/archive';
import { counted, distance, duration, minuteIn } from '../screen/figures.ts';
import { legible } from '../screen/legible.ts';
import { shortened } from '../screen/shortened.ts';
import type { Style } from '../screen/style.ts';
import { type Column, padded } from '../screen/table.ts';
import { wrapped } from '../screen/wrap.ts';

type Status = ImportRow['status'];
type Cell = Column & { width: number };

const STATUSES: Status[] = ['imported', 'partial', 'duplicate', 'no_activity', 'unreadable'];
const GAP = '  ';
const MIN_NAME = 8;
/** Names in archives are not known beforehand; most are no longer than this. */
const NAME_IN_ARCHIVE = 24;
/** Widest values there are: `no activity` and `unreadable` are longer, but nothing follows them. */
const FIGURES: readonly Cell[] = [
  { head: 'status', width: 9 },
  { head: 'start', width: 16 },
  { head: 'distance', width: 9, align: 'right' },
  { head: 'time', width: 8, align: 'right' },
];
const WIDE: readonly Cell[] = [
  { head: 'sport', width: 10 },
  { head: 'avg hr', width: 7, align: 'right' },
  { head: 'id', width: 36 },
];

export interface ImportScreen {
  /** The zone of the times, and what stands in which column. */
  head: string;
  row(row: ImportRow): string;
  /**
   * @param known how many files there were, when the import was stopped before its end.
   * @param passedOver a sentence about files that are no recordings.
   */
  summary(rows: readonly ImportRow[], known: number | null, passedOver: string | null): string;
}

export interface ImportScreenOptions {
  /** Paths given and found; what is in archives shows only later. */
  files: readonly string[];
  /** Null where none was given: times are in UTC then. */
  timeZone: string | null;
  columns: number;
  style: Style;
}

export function createImportScreen({ files, timeZone, columns, style }: ImportScreenOptions): ImportScreen {
  const zone = timeZone ?? 'UTC';
  const longest = files.reduce((most, file) => Math.max(most, nameWidth(file)), 'file'.length);
  const isWide = longest + widthOf([...FIGURES, ...WIDE]) <= columns;
  const figures = isWide ? [...FIGURES, ...WIDE] : FIGURES;
  const name: Cell = { head: 'file', width: Math.min(longest, Math.max(MIN_NAME, columns - widthOf(figures))) };
  const line = (texts: readonly string[]) =>
    [name, ...figures]
      .map(({ width, align = 'left' }, at) => padded(texts[at] ?? '', width, align))
      .join(GAP)
      .trimEnd();
  const below = (text: string) =>
    wrapped(text, columns - GAP.length)
      .map((each) => `\n${GAP}${each}`)
      .join('');

  return {
    head: `${style.faint(`Times are in ${zone}.`)}\n\n${style.faint(line([name, ...figures].map(({ head }) => head)))}`,
    row(row) {
      const file = shortened(basename(row.file), name.width);
      const cells = [file, coloured(row.status, style)];
      if (row.error !== null) return line(cells) + below(`${legible(row.error.what)} (${row.error.code})`);
      cells.push(minuteIn(zone, row.startedAt), distance(row.distanceM), duration(row.timerS ?? row.elapsedS));
      const pulse = row.avgHeartRateBpm === null ? '' : `${Math.round(row.avgHeartRateBpm)} bpm`;
      const [id, ...more] = [row.objectId ?? '', row.sport ?? '', pulse];
      const damage = row.status === 'partial' ? below(damageOf(row)) : '';
      if (isWide) return line([...cells, ...more, id]) + damage;
      return line(cells) + below([id, ...more].filter((text) => text !== '').join(' · ')) + damage;
    },
    summary(rows, known, passedOver) {
      const counts = STATUSES.map((status) => [status, rows.filter((row) => row.status === status).length] as const);
      const parts = counts.flatMap(([status, count]) => (count === 0 ? [] : [`${count} ${wordOf(status)}`]));
      const done = new Set(rows.map(({ file }) => file)).size;
      const told = `${counted(rows.length, 'row')} of ${counted(done, 'file')}: ${parts.join(', ') || 'nothing done'}.`;
      const stopped =
        known === null ? [] : [`Stopped; ${counted(known, 'file')} known of. The same command goes on from here.`];
      return ['', told, ...(passedOver === null ? [] : [passedOver]), ...stopped].join('\n');
    },
  };
}

function nameWidth(file: string): number {
  const { length } = [...basename(file)];
  return isNamedLikeArchive(file) ? Math.max(NAME_IN_ARCHIVE, length) : length;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + GAP.length + width, 0);
}

/** What was lost, in words. Notes may leave it open: a file is partial as a whole, and this is one of its sessions. */
function damageOf({ notes }: ImportRow): string {
  const reasons = Object.entries(DAMAGE).flatMap(([code, help]) => (notes.includes(code) ? [`${help} (${code})`] : []));
  return reasons.join(' ') || 'The file is cut or damaged; what could be read was kept.';
}

function wordOf(status: Status): string {
  return status.replace('_', ' ');
}

function coloured(status: Status, style: Style): string {
  if (status === 'imported') return style.good(wordOf(status));
  if (status === 'unreadable') return style.bad(wordOf(status));
  return status === 'partial' ? style.accent(wordOf(status)) : style.faint(wordOf(status));
}
