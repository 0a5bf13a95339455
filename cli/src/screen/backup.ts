/** What a backup or a restore did. */
import type { BackupProgress } from '@coach-hub/core';
import type { BackupReport, RestoreReport } from '../project/back-up.ts';
import { bytes, count, counted, minute } from './figures.ts';
import type { Style } from './style.ts';
import { pairs } from './table.ts';

export function progressText({ stage, done, total }: BackupProgress): string {
  if (stage === 'blobs') return `${count(done)} of ${counted(total, 'blob')}`;
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${stage} ${percent} %`;
}

export function backupScreen({ folder, database, blobs, counts, takenAt, migrations }: BackupReport, style: Style) {
  return [
    `${style.good('Backup taken')} of ${minute(takenAt)} UTC`,
    pairs([
      ['folder', folder],
      ['database', `${bytes(database.bytes)}, ${migrations.at(-1) ?? 'no migration'}`],
      ['blobs', `${counted(blobs.files, 'file')}, ${bytes(blobs.bytes)}`],
      ['athletes', count(counts.athlete ?? 0)],
      ['objects', count(counts.object ?? 0)],
    ]),
    ...lostLines(blobs.lost, style),
    'The keys are not in it. Keep the key file, or COACH_KEYS, in another place: without them the accounts in it stay closed.',
  ].join('\n\n');
}

export function restoreScreen({ data, manifest, keys }: RestoreReport, style: Style): string {
  const { takenAt, productVersion, blobs, counts } = manifest;
  const closed = keys.filter(({ isKnown }) => !isKnown).reduce((sum, { rows }) => sum + rows, 0);
  return [
    `${style.good('Restored')} the hub of ${minute(takenAt)} UTC`,
    pairs([
      ['data', data],
      ['written by', `version ${productVersion}`],
      ['athletes', count(counts.athlete ?? 0)],
      ['objects', count(counts.object ?? 0)],
      ['blobs', counted(blobs.files, 'file')],
    ]),
    ...lostLines(blobs.lost, style),
    ...(closed === 0
      ? []
      : [style.bad(`${counted(closed, 'secret')} cannot be opened: those athletes connect again.`)]),
    `Start it with "coach serve --data ${data}". Phones notice, send again what came after the backup, and read anew.`,
  ].join('\n\n');
}

function lostLines(lost: readonly string[], style: Style): string[] {
  if (lost.length === 0) return [];
  return [style.bad(`${counted(lost.length, 'blob')} the database names had been lost before.`)];
}
