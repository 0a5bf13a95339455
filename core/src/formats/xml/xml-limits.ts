/**
 * What one TCX or GPX file may cost. Every list and every text that a file can lengthen has an end; what lies beyond is
 * counted, noted and left out. A file that breaks the rules of its markup is read up to there.
 */
export const XML_LIMITS = {
  /** Bytes of one file; larger ones are refused before they are read. */
  inputBytes: 256 * 1024 * 1024,
  /** Elements within elements. Real files have ten. */
  depth: 64,
  /** Characters of one tag with its attributes, of one text, of comments in a row. They are held until it ends. */
  tokenChars: 1024 * 1024,
  /** Characters kept of one element's text: names and notes are cut there. */
  textChars: 4_096,
  /** Characters that no XML file may hold, skipped one by one. */
  badCharacters: 1_000,
  /** Points kept of one file: 138 hours at one a second, as of a FIT file. */
  records: 500_000,
  /** Activities kept. */
  sessions: 500,
  /** Laps kept of one file. */
  laps: 50_000,
  /** Unbroken stretches of track kept of one file. */
  segments: 50_000,
} as const;

/** Which limit a file went over. */
export type XmlLimit = keyof typeof XML_LIMITS;
