/** An archive, or a file in one, that is not unpacked: an ordinary answer, which becomes a row of the import. */
import type { ArchiveRefusalCode } from '../activity-file-codes.ts';

/** Thrown inside this folder only, and caught where the row is made. */
export class ArchiveRefusal extends Error {
  readonly code: ArchiveRefusalCode;
  /** Whether nothing more is to be had of the archive that was given. */
  readonly isFinal: boolean;

  /** @param what one sentence for the athlete. */
  constructor(code: ArchiveRefusalCode, what: string, { isFinal = false } = {}) {
    super(what);
    this.code = code;
    this.isFinal = isFinal;
  }
}

/** A refusal as it is; anything else that a damaged archive makes a library throw, as damage. */
export function refusalOf(error: unknown): ArchiveRefusal {
  if (error instanceof ArchiveRefusal) return error;
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return new ArchiveRefusal('archive_damaged', `It is damaged and cannot be unpacked (${withoutControls(reason)}).`);
}

export function tooDense(ratio: number): ArchiveRefusal {
  return new ArchiveRefusal('archive_ratio', `It unpacks to over ${ratio} times its size, which no recording does.`);
}

/** Libraries quote what they choked on. */
function withoutControls(text: string): string {
  return text.replace(/[\p{C}]/gu, '?').slice(0, 200);
}
