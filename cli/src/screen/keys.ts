/** Keys, by their ids. A key itself is printed by "coach keys new" alone. */
import type { KeyUse, Rotation } from '@coach-hub/core';
import { count, counted } from './figures.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

const PLACES = { connection: 'accounts', attempt: 'consents', job: 'jobs', dead_letter: 'dead letters' } as const;

export function keysScreen(uses: readonly KeyUse[], style: Style): string {
  const rows = uses.map(({ keyId, place, rows, unreadable, byPlace }) => [
    keyId ?? '?',
    place === 0 ? 'seals' : place === null ? style.bad('is not here') : 'opens',
    count(rows),
    Object.entries(byPlace)
      .map(([name, value]) => `${count(value)} ${PLACES[name as keyof typeof PLACES]}`)
      .join(', ') + (unreadable === 0 ? '' : style.bad(`, ${count(unreadable)} do not open`)),
  ]);
  const columns = [{ head: 'key' }, { head: '' }, { head: 'secrets', align: 'right' as const }, { head: '' }];
  return [table(columns, rows), advice(uses)].join('\n\n');
}

function advice(uses: readonly KeyUse[]): string {
  if (uses.some(({ isKnown }) => !isKnown)) return 'A key is missing: put it back, as the last one.';
  const older = uses.filter(({ place }) => place !== 0);
  if (older.length === 0) return 'Everything is sealed with the one key there is.';
  const sealed = older.reduce((sum, { rows, unreadable }) => sum + rows - unreadable, 0);
  return sealed > 0
    ? `${counted(sealed, 'secret')} of an older key: "coach keys rotate" seals them with the newest.`
    : `Nothing is sealed with an older key: "coach keys drop ${older[0]?.keyId}" takes it away.`;
}

export function rotationScreen({ newestKeyId, rows, resealed, unreadable, left }: Rotation, style: Style): string {
  const lines = [
    `${style.good(`${counted(resealed, 'secret')} sealed again`)} with the key ${newestKeyId}, of ${count(rows)} there are.`,
  ];
  if (left > 0) {
    lines.push(
      style.bad(`${counted(left, 'secret')} of an older key came meanwhile: something still seals with it.`),
      'Look for a process with old keys, restart it, and run this again.',
    );
  }
  if (unreadable > 0) {
    lines.push(
      style.bad(
        `${counted(unreadable, 'secret')} ${unreadable === 1 ? 'does' : 'do'} not open and stayed as they are.`,
      ),
      'Their key is missing, or the row was changed: "coach keys list" shows which. Those athletes connect again.',
    );
  }
  if (left + unreadable === 0) lines.push('No secret of an older key is left.');
  return lines.join('\n');
}
