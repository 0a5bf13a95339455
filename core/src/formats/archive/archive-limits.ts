/**
 * What is unpacked of an archive before it is refused. Every limit of archives stands here; `archive` in the
 * configuration changes them.
 *
 * The largest exports seen are some gigabytes in some ten thousand files, two archives deep. Recordings shrink to
 * a third (FIT) or a thirtieth (XML); what shrinks to a two-hundredth holds nothing.
 */
export interface ArchiveLimits {
  /** Bytes unpacked from one archive, those in it included. */
  totalBytes: number;
  /** Files in one archive, those in archives in it included. */
  entries: number;
  /** Archives in archives: 1 is a zip of recordings, 2 a zip of `.fit.gz`. */
  depth: number;
  /** How many times its packed size a file may be, once it is over `ratioFromBytes`. */
  ratio: number;
  ratioFromBytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  totalBytes: 16 * 1024 ** 3,
  entries: 200_000,
  depth: 4,
  ratio: 200,
  ratioFromBytes: 1024 ** 2,
};

/** An archive in an archive up to this size is unpacked to memory, a larger one to a file without a name. */
export const SPOOL_MEMORY_BYTES = 8 * 1024 ** 2;
