/** The claim a JSON record makes about one activity. */
import type { ClaimDraft, Form, JsonObject, Normalised, Origin } from '@coach-hub/core';
import { activityClaims, type DecodedSession } from '@coach-hub/core/formats';
import { recordIdOf } from './activity-id.ts';
import { type Item, isTrue, numberIn, textIn } from './member.ts';

const MAX_DEVICE_NAME_CHARS = 100;

/**
 * Fields, track, series and notes as core states them for a session; the rest is Garmin's. `deviceName` is `unknown`
 * for entries typed by hand.
 */
export function recordClaim(record: Item, session: DecodedSession, externalId: string, form: Form): Normalised {
  const deviceName = textIn(record, 'deviceName', MAX_DEVICE_NAME_CHARS);
  const device = {
    name: deviceName?.toLowerCase() === 'unknown' ? null : deviceName,
    manufacturer: null,
    serial: null,
    firmware: null,
  };
  const utcOffsetS = numberIn(record, 'startTimeOffsetInSeconds');
  const { claims, notes } = activityClaims(
    {
      format: 'fit', // decides the origin only, which is ours to state
      fileId: null,
      fileType: null,
      device,
      utcOffsetS,
      status: 'complete',
      sessions: [session],
      notes: [],
    },
    { externalId, sha256: '', fileName: null, mediaType: '' },
  );
  const own: Partial<ClaimDraft> = {
    form,
    origin: originOf(record),
    // Copies at other services name this id as their origin.
    identities: [`origin:garmin:${externalId}`],
    groupKey: groupKeyOf(record),
    file: null,
  };
  return { claims: claims.map((claim) => ({ ...claim, ...own, fields: withOffset(claim.fields, utcOffsetS) })), notes };
}

/** In files, an offset of 0 is what devices write that do not know theirs. In Garmin's JSON it is a statement. */
function withOffset(fields: JsonObject | null, utcOffsetS: number | null): JsonObject | null {
  return utcOffsetS === 0 && fields?.timeZone === undefined ? { ...fields, utcOffsetS } : fields;
}

/** What the athlete typed is typed, whatever sent it; the rest is Garmin's reading of a device. */
function originOf(record: Item): Origin {
  return isTrue(record, 'manual') ? 'manual' : 'vendor';
}

/** The legs of a multisport outing name their parent. The parent itself contains them and is in no group. */
function groupKeyOf(record: Item): string | null {
  const parentId = recordIdOf(record.parentSummaryId);
  return parentId === null ? null : `garmin:${parentId}`;
}
