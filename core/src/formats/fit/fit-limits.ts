/**
 * What one file may cost. A file is input from outside: a few bytes can describe millions of rows (8 MB of one-byte
 * records are 8 million of them), so every list that a file can lengthen has an end. What lies beyond is counted,
 * noted and left out.
 */
export const FIT_LIMITS = {
  /** Bytes of one download; larger ones are refused before they are read. */
  inputBytes: 64 * 1024 * 1024,
  /** FIT files of one download; what follows them counts as trailing bytes. */
  parts: 256,
  /** Record messages kept: 138 hours at one a second. */
  records: 500_000,
  /** Columns of developer fields kept. */
  developerColumns: 64,
  /** Descriptions of developer fields kept: devices repeat them, but not for ever. */
  fieldDescriptions: 4_096,
  /** Different definition messages, each with up to 510 fields. Repeated definitions count once. */
  definitions: 4_096,
  /** Sessions kept. */
  sessions: 500,
  /** Messages kept of every other kind. */
  messagesPerKind: 50_000,
  /** Heart beats kept, of `hrv` messages and of a strap's memory: 90 hours at 180 beats a minute. */
  beats: 1_000_000,
} as const;

/** Which limit a file went over. */
export type FitLimit = keyof typeof FIT_LIMITS;
