/**
 * What an activity file means: one claim per session, and one row of figures each for the report of an import. Pure;
 * runs in workers.
 *
 * A file that holds no activity, or cannot be read, is an ordinary answer here: no claims, and a row that says why. Who
 * imports forty files wants forty rows.
 */
import type { EnvelopeView, Normalised, Ref } from '@coach-hub/core';
import { activityClaims, decodeActivityFile } from '@coach-hub/core/formats';
import { reportOfFailure, reportOfSessions } from './report.ts';

const MEDIA_TYPES = {
  fit: 'application/vnd.ant.fit',
  tcx: 'application/vnd.garmin.tcx+xml',
  gpx: 'application/gpx+xml',
} as const;

export function normalise({ bytes, sha256, ref, options }: EnvelopeView): Normalised {
  const fileName = textOf(ref, 'fileName');
  const result = decodeActivityFile(bytes, {
    ...(fileName !== null && { fileName }),
    ...(options && { reader: options.fitReader }),
  });
  if (result.status !== 'decoded') return { claims: [], notes: [], report: [reportOfFailure(result)] };
  const timeZone = textOf(ref, 'timeZone');
  const mediaType = MEDIA_TYPES[result.file.format];
  const source = { externalId: sha256, sha256, fileName, mediaType, timeZone };
  const { claims, notes } = activityClaims(result.file, source);
  return { claims, notes, report: reportOfSessions(result.file, claims, notes) };
}

function textOf(ref: Ref, key: string): string | null {
  const value = ref[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
