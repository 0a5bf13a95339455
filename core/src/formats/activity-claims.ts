/**
 * What a decoded activity file states, as claims: one per session.
 *
 * Pure, and blind to the way the file came in: the same bytes give the same claims by webhook, by import or by upload,
 * apart from the external id.
 */
import type { ClaimQuality } from '../ledger/claim.ts';
import type { ClaimDraft, Note } from '../provider/envelope.ts';
import { coverageOf } from '../series/coverage.ts';
import { encodeSeries } from '../series/series-codec.ts';
import { fieldsOfSession } from './activity-claims-fields.ts';
import type { TakeNote } from './activity-claims-note.ts';
import type { DecodedActivityFile, DecodedSession } from './decoded.ts';
import { fileIdentities } from './file-identities.ts';

export interface ActivityFileSource {
  /** The provider's id of the activity; for an imported file its SHA-256. */
  externalId: string;
  /** SHA-256 of the file, lower-case hex. */
  sha256: string;
  fileName: string | null;
  mediaType: string;
  /** The athlete's zone at the time, as the phone or the profile gives it; for files that do not say where they were. */
  timeZone?: string | null;
}

/** Hex digits of the file's hash that name an outing: 128 bits. */
const OUTING_DIGITS = 32;

/**
 * Claims of kind `activity`, form `file`, in the order of the sessions. `notes` are the decoder's and our own.
 *
 * @throws RangeError when the columns of a session differ in length, or a point has no time.
 */
export function activityClaims(
  file: DecodedActivityFile,
  source: ActivityFileSource,
): { claims: ClaimDraft[]; notes: Note[] } {
  const notes: Note[] = [...file.notes];
  const note: TakeNote = (code, params) => notes.push({ code, params });
  const claims = file.sessions.map(
    (session): ClaimDraft => ({
      kind: 'activity',
      externalId: source.externalId,
      form: 'file',
      part: session.part,
      // A FIT activity is what the watch itself wrote; tracks pass through programs that resample and rename them.
      origin: file.format === 'fit' && file.fileType === 'activity' ? 'device' : 'track_import',
      identities: fileIdentities(file.fileId, session.part, source.sha256),
      // From the file, not from its id: each provider that brings the file names the outing alike.
      groupKey: file.sessions.length > 1 ? `outing:${source.sha256.slice(0, OUTING_DIGITS)}` : null,
      quality: qualityOf(session),
      fields: fieldsOfSession(session, file, source.timeZone ?? null, note),
      vendorVersion: 0,
      supersession: 0,
      series: seriesOf(session),
      file: { name: source.fileName, mediaType: source.mediaType },
    }),
  );
  return { claims, notes };
}

function qualityOf({ columns, heartRateSource, altitudeSource }: DecodedSession): ClaimQuality {
  return { coverageS: coverageOf(columns.timeS), samples: columns.timeS.length, heartRateSource, altitudeSource };
}

/** `null` when nothing was recorded but times. */
function seriesOf({ columns }: DecodedSession): ClaimDraft['series'] {
  const series = encodeSeries(columns);
  return series.channels.some((channel) => channel !== 'timeS') ? series : null;
}
