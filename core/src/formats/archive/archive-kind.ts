/** Which kind of archive bytes are, by their first ones; never by a name. */

export type ArchiveKind = 'zip' | 'gzip';

/** `PK` and: a file, the end of an archive without files, the first part of a split one. */
const ZIP_MARKS: readonly (readonly [number, number])[] = [
  [3, 4],
  [5, 6],
  [7, 8],
];

export function archiveKindOf(head: Uint8Array): ArchiveKind | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] !== 0x50 || head[1] !== 0x4b) return null;
  return ZIP_MARKS.some(([third, fourth]) => head[2] === third && head[3] === fourth) ? 'zip' : null;
}
