/**
 * `activities` and `manuallyUpdatedActivities`: one record, one claim of the form `summary`.
 *
 * Only summaries state title and notes: they are what Garmin sends again when an athlete renames a run, and a richer
 * form that still held the old name would win over them.
 */
import type { JsonObject, Normalised } from '@coach-hub/core';
import { titleOf } from './default-title.ts';
import { type Item, textIn } from './member.ts';
import { recordClaim } from './record-claim.ts';
import { readSession } from './session.ts';

const MAX_TITLE_CHARS = 200;
const MAX_NOTES_CHARS = 10_000;

export function normaliseSummary(record: Item, externalId: string): Normalised {
  const { session, notes } = readSession(record);
  const normalised = recordClaim(record, session, externalId, 'summary');
  // A single position is where it started, not a series.
  const claims = normalised.claims.map((claim) => ({
    ...claim,
    fields: { ...claim.fields, ...wordsOf(record) },
    series: null,
    quality: null,
  }));
  return { claims, notes: [...notes, ...normalised.notes] };
}

/** What the athlete wrote at Garmin. */
function wordsOf(record: Item): JsonObject {
  const title = titleOf(record.activityName, record.activityType)?.slice(0, MAX_TITLE_CHARS) ?? null;
  const notes = textIn(record, 'activityDescription', MAX_NOTES_CHARS);
  return { ...(title === null ? {} : { title }), ...(notes === null ? {} : { notes }) };
}
