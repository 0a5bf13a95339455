/**
 * `activityFiles`: the file as the device or another program wrote it. A file with several sessions becomes several
 * activities of one outing.
 *
 * Vendor facts: `fileType` is FIT for devices, TCX or GPX for what was imported into Garmin Connect. The name in the ping
 * is not stated: an athlete who renames a run gets a new summary, and no new file.
 */
import { type EnvelopeView, HubError, type Normalised } from '@coach-hub/core';
import { activityClaims, decodeActivityFile, type UnreadableFile } from '@coach-hub/core/formats';

const FIT_MEDIA_TYPE = 'application/vnd.ant.fit';

export function normaliseFile({ bytes, sha256, options }: EnvelopeView, externalId: string): Normalised {
  const fileName = `${externalId}.fit`;
  const result = decodeActivityFile(bytes, { fileName, ...(options && { reader: options.fitReader }) });
  switch (result.status) {
    case 'decoded':
      return activityClaims(result.file, { externalId, sha256, fileName, mediaType: FIT_MEDIA_TYPE });
    case 'no_activity':
      return { claims: [], notes: [{ code: result.code }] };
    case 'unreadable':
      throw failureOf(result);
  }
}

/** A format that a later version reads may be replayed then; damage stays damage. */
function failureOf({ code, what }: UnreadableFile): HubError {
  if (code === 'unsupported_format') {
    return new HubError('normalise_failed', {
      what: 'An activity file from Garmin is not a FIT file.',
      why: 'It was imported into Garmin Connect as TCX or GPX, which this version does not read.',
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
