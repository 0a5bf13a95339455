/** What comes out of an archive, and what its walkers share. */

import type { ArchiveRefusalCode } from '../activity-file-codes.ts';
import type { ArchiveBudget } from './archive-budget.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import type { ByteStream } from './byte-stream.ts';

export interface ArchiveOptions {
  limits: ArchiveLimits;
  /** Bytes of one recording, as many as its reader takes. */
  maxFileBytes: number;
  /** Where a large archive in an archive lies while it is read. */
  tempDir: string;
  /** Aborted: no further file is begun. */
  signal: AbortSignal;
}

/** `path` begins with that of the archive. */
export type ArchiveItem =
  /** A zip was opened: so many files are in it. */
  | { type: 'opened'; files: number }
  | { type: 'file'; path: string; fileName: string; bytes: Uint8Array }
  /** No recording, and nobody would think it is one. */
  | { type: 'passed_over'; path: string }
  | { type: 'refused'; path: string; code: ArchiveRefusalCode; what: string };

/** One file in an archive, about to be read. */
export interface ArchiveMember {
  path: string;
  /** Unpacked. */
  stream: ByteStream;
  /** Unpacked size, where it is known before. */
  bytes: number | null;
  /** Archives it lies in. */
  depth: number;
  /** It was given or is named as a recording, or turned out to be one, so what becomes of it gets an answer. */
  mustAnswer: boolean;
}

/** What all archives in the one that was given share. */
export interface ArchiveWalk extends ArchiveOptions {
  budget: ArchiveBudget;
  /** Refusals that are told once for all of it: a bomb has one row, however many levels it has. */
  told: Set<ArchiveRefusalCode>;
  /** Handed down, because a zip in a zip goes round. */
  walkMember(member: ArchiveMember, walk: ArchiveWalk): AsyncGenerator<ArchiveItem>;
}
