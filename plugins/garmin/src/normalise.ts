/**
 * What Garmin's records mean. Pure: the same envelope gives the same claims at any time, so history can be mapped again
 * without a call to Garmin. Runs in workers: nothing happens at import.
 *
 * All forms of one activity share its id as `externalId`: `summary` (from activities and manuallyUpdatedActivities),
 * `details` (samples and laps), `file` (the recording of the device). The same form again replaces the one before:
 * Garmin gives no version, and an athlete who trims a run makes it shorter, so for activities the newest receipt
 * counts and not the longest record.
 */
import { type EnvelopeView, HubError, type Normalised } from '@coach-hub/core';
import { quoteLongIds } from './activity-id.ts';
import { type Item, isItem } from './member.ts';
import { normaliseDetails } from './normalise-details.ts';
import { normaliseFile } from './normalise-file.ts';
import { normaliseSummary } from './normalise-summary.ts';

export { split } from './split.ts';

/** @throws HubError `normalise_failed` or `file_unreadable`: the envelope becomes a dead letter. */
export function normalise(envelope: EnvelopeView): Normalised {
  switch (envelope.stream) {
    case 'activities':
    case 'manuallyUpdatedActivities':
      return normaliseSummary(itemOf(envelope), externalIdOf(envelope));
    case 'activityDetails':
      return normaliseDetails(itemOf(envelope), externalIdOf(envelope));
    case 'activityFiles':
      return normaliseFile(envelope, externalIdOf(envelope));
    default:
      throw unreadable(`The stream "${envelope.stream}" is not one of this plugin.`);
  }
}

function externalIdOf({ externalId }: EnvelopeView): string {
  if (externalId === null) throw unreadable('It has no activity id.');
  return externalId;
}

function itemOf({ bytes }: EnvelopeView): Item {
  try {
    const item: unknown = JSON.parse(quoteLongIds(new TextDecoder().decode(bytes)));
    if (isItem(item)) return item;
  } catch (cause) {
    throw unreadable('It is not JSON.', cause);
  }
  throw unreadable('It is not an object.');
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError(
    'normalise_failed',
    { what: 'A stored Garmin record could not be read.', why, fix: 'Update the plugin, then replay the dead letter.' },
    { cause },
  );
}
