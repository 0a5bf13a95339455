import { HubError } from '../error/hub-error.ts';

/** A stored series whose bytes are not what `encodeSeries` writes. */
export function unreadableSeries(why: string, cause?: unknown): HubError {
  return new HubError(
    'file_unreadable',
    {
      what: 'A stored series cannot be read.',
      why,
      fix: 'Put its blob back from a backup. The original file, where there is one, can still be had.',
    },
    cause === undefined ? undefined : { cause },
  );
}
