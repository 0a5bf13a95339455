import { HubError } from '../error/hub-error.ts';

/** A stored series whose bytes are not what `encodeSeries` writes. */
export function unreadableSeries(why: string, cause?: unknown): HubError {
  return new HubError(
    'file_unreadable',
    {
      what: 'A stored series cannot be read.',
      why,
      fix: 'Run "coach renormalise" for its activity: the series is written anew from the original file.',
    },
    cause === undefined ? undefined : { cause },
  );
}
