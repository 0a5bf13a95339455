/**
 * `activityFiles`: the file as the device or another program wrote it. A file with several sessions becomes several
 * activities of one outing.
 *
 * Vendor facts: `fileType` is FIT for devices, TCX or GPX for what was imported into Garmin Connect; what counts is the
 * content. The name in the ping is not stated: an athlete who renames a run gets a new summary, and no new file.
 */
import { type EnvelopeView, HubError, type Normalised, type Ref } from '@coach-hub/core';
import { activityClaims, decodeActivityFile, type UnreadableFile } from '@coach-hub/core/formats';

const MEDIA_TYPES = {
  fit: 'application/vnd.ant.fit',
  tcx: 'application/vnd.garmin.tcx+xml',
  gpx: 'application/gpx+xml',
} as const;

export function normaliseFile({ bytes, sha256, ref, options }: EnvelopeView, externalId: string): Normalised {
  const pinged = `${externalId}.${extensionOf(ref)}`;
  const result = decodeActivityFile(bytes, { fileName: pinged, ...(options && { reader: options.fitReader }) });
  switch (result.status) {
    case 'decoded': {
      const { format } = result.file;
      const fileName = `${externalId}.${format}`;
      return activityClaims(result.file, { externalId, sha256, fileName, mediaType: MEDIA_TYPES[format] });
    }
    case 'no_activity':
      return { claims: [], notes: [{ code: result.code }] };
    case 'unreadable':
      throw failureOf(result);
  }
}

/** As the ping announced it. */
function extensionOf({ fileType }: Ref): string {
  const type = typeof fileType === 'string' ? fileType.toLowerCase() : 'fit';
  return Object.hasOwn(MEDIA_TYPES, type) ? type : 'fit';
}

/** A format that a later version reads may be replayed then; damage stays damage. */
function failureOf({ code, what }: UnreadableFile): HubError {
  if (code === 'unsupported_format') {
    return new HubError('normalise_failed', {
      what: 'An activity file from Garmin is in a format that cannot be read.',
      why: what,
      fix: 'Nothing is lost: the file is kept. Replay it with a version that reads the format.',
    });
  }
  return new HubError('file_unreadable', {
    what: 'An activity file from Garmin cannot be read.',
    why: what,
    fix: 'Ask Garmin to send the activity again; a file can be downloaded only once.',
    details: { code },
  });
}
