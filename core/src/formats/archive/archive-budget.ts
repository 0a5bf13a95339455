/** What may still be unpacked of one archive that was given, counted over all the archives in it. */
import type { ArchiveLimits } from './archive-limits.ts';
import { ArchiveRefusal } from './archive-refusal.ts';

export interface ArchiveBudget {
  readonly limits: ArchiveLimits;
  /** @throws ArchiveRefusal, final. */
  takeBytes(count: number): void;
  /** @throws ArchiveRefusal, final. */
  takeEntries(count: number): void;
}

export function createArchiveBudget(limits: ArchiveLimits): ArchiveBudget {
  let bytes = 0;
  let entries = 0;
  return {
    limits,
    takeBytes(count) {
      bytes += count;
      if (bytes <= limits.totalBytes) return;
      const what = `It unpacks to more than ${limits.totalBytes} bytes; what is left of it was not read.`;
      throw new ArchiveRefusal('archive_too_large', what, { isFinal: true });
    },
    takeEntries(count) {
      entries += count;
      if (entries <= limits.entries) return;
      const what = `It holds more than ${limits.entries} files; what is left of it was not read.`;
      throw new ArchiveRefusal('archive_too_many_files', what, { isFinal: true });
    },
  };
}
