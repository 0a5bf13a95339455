/** Rows of an import for people. Widths are known before the first row, so each can be printed as it comes. */
import { basename } from 'node:path';
import type { ImportRow } from '@coach-hub/core';
import { isNamedLikeArchive } from '@coach-hub/core/archive';
import { counted, distance, duration, minute } from '../screen/figures.ts';
import { shortened } from '../screen/shortened.ts';
import type { Style } from '../screen/style.ts';
import { padded } from '../screen/table.ts';

const STATUSES: ImportRow['status'][] = ['imported', 'partial', 'duplicate', 'no_activity', 'unreadable'];
const WORDS: Record<ImportRow['status'], string> = {
  imported: 'imported',
  partial: 'partial',
  duplicate: 'duplicate',
  no_activity: 'no activity',
  unreadable: 'unreadable',
};
/** Names in archives are not known beforehand; most are no longer than this. */
const NAME_IN_ARCHIVE = 24;

export interface ImportScreen {
  row(row: ImportRow): string;
  /**
   * @param known how many files there were, when the import was stopped before its end.
   * @param passedOver a sentence about files that are no recordings.
   */
  summary(rows: readonly ImportRow[], known: number | null, passedOver: string | null): string;
}

export function createImportScreen(files: readonly string[], style: Style): ImportScreen {
  const width = Math.max(1, ...files.map(widthOf));
  return {
    row(row) {
      const name = padded(shortened(basename(row.file)), width, 'left');
      const status = padded(coloured(row.status, style), 11, 'left');
      return [name, status, row.error === null ? figures(row) : style.faint(`${row.error.what}`)].join('  ').trimEnd();
    },
    summary(rows, known, passedOver) {
      const counts = STATUSES.map((status) => [status, rows.filter((row) => row.status === status).length] as const);
      const parts = counts.flatMap(([status, count]) => (count === 0 ? [] : [`${count} ${WORDS[status]}`]));
      const done = new Set(rows.map(({ file }) => file)).size;
      const told = `${counted(rows.length, 'row')} of ${counted(done, 'file')}: ${parts.join(', ') || 'nothing done'}.`;
      const stopped =
        known === null ? [] : [`Stopped; ${counted(known, 'file')} known of. The same command goes on from here.`];
      return ['', told, ...(passedOver === null ? [] : [passedOver]), ...stopped].join('\n');
    },
  };
}

function widthOf(file: string): number {
  const name = shortened(basename(file));
  return isNamedLikeArchive(name) ? Math.max(NAME_IN_ARCHIVE, name.length) : name.length;
}

function figures(row: ImportRow): string {
  return [
    padded(row.sport ?? '', 6, 'left'),
    padded(minute(row.startedAt), 16, 'left'),
    padded(distance(row.distanceM), 9, 'right'),
    padded(duration(row.timerS ?? row.elapsedS), 8, 'right'),
    padded(row.avgHeartRateBpm === null ? '' : `${Math.round(row.avgHeartRateBpm)} bpm`, 7, 'right'),
    row.objectId ?? '',
  ].join('  ');
}

function coloured(status: ImportRow['status'], style: Style): string {
  if (status === 'imported') return style.good(WORDS[status]);
  if (status === 'unreadable') return style.bad(WORDS[status]);
  return status === 'partial' ? style.accent(WORDS[status]) : style.faint(WORDS[status]);
}
