import type { AthleteRow, AthleteWrite } from '@coach-hub/core';
import { KINDS } from '@coach-hub/core/wire';
import { broken } from '../database/broken.ts';

/** Ids and days are put between quotes when a delta is written, so nothing in them may need escaping. */
const ID = /^[A-Za-z0-9_.:-]{1,128}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const KNOWN_KINDS = new Set<string>(KINDS);

/**
 * Refuses a write that would break the order of changes or the text of a delta.
 *
 * Every object and alias takes exactly one of the revs after the athlete's present one, and none is left out: a gap or
 * a shared rev would be a change some phone never hears of.
 */
export function checkWrite(athlete: AthleteRow, write: AthleteWrite): void {
  const { objects, aliases, states = [] } = write;
  const rows = objects.length + aliases.length;
  if (write.rev !== athlete.rev + rows) {
    throw broken(`A change of ${rows} rows moves the rev from ${athlete.rev} to ${write.rev}.`);
  }
  const revs = new Set<number>();
  for (const { kind, id, rev, day } of objects) {
    checkId(kind, id);
    checkRev(athlete, write, revs, rev);
    if (day !== null && !DAY.test(day)) throw broken(`The day of ${kind}/${id} is not written YYYY-MM-DD.`);
  }
  for (const { kind, oldId, objectId, rev } of aliases) {
    checkId(kind, oldId);
    checkId(kind, objectId);
    checkRev(athlete, write, revs, rev);
    if (oldId === objectId) throw broken(`${kind}/${oldId} became an alias of itself.`);
  }
  checkOnce([...objects, ...states, ...aliases.map(({ kind, oldId }) => ({ kind, id: oldId }))]);
}

/** Each object has one row, so a change says one thing about it. */
function checkOnce(rows: { kind: string; id: string }[]): void {
  const seen = new Set<string>();
  for (const { kind, id } of rows) {
    const key = `${kind}/${id}`;
    if (seen.has(key)) throw broken(`${key} is written twice in one change.`);
    seen.add(key);
  }
}

function checkId(kind: string, id: string): void {
  if (!KNOWN_KINDS.has(kind)) throw broken('An object of an unknown kind was written.');
  if (!ID.test(id)) throw broken(`An id of the kind ${kind} has characters that ids must not have.`);
}

function checkRev(athlete: AthleteRow, write: AthleteWrite, taken: Set<number>, rev: number): void {
  if (!Number.isSafeInteger(rev) || rev <= athlete.rev || rev > write.rev || taken.has(rev)) {
    throw broken(`Rev ${rev} is not one of the revs ${athlete.rev + 1} to ${write.rev}, or was given out twice.`);
  }
  taken.add(rev);
}
