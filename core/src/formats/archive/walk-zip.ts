/** The files of a zip, in the order of its directory. One that cannot be unpacked does not stop the next. */

import type { ArchiveRefusalCode } from '../activity-file-codes.ts';
import type { ArchiveItem, ArchiveMember, ArchiveWalk } from './archive-item.ts';
import { type ArchiveRefusal, refusalOf } from './archive-refusal.ts';
import type { ByteSource } from './byte-source.ts';
import { isHiddenName, isNamedLikeActivity, isNamedLikeArchive, memberLabel } from './member-name.ts';
import { unpackEntry } from './unpack-entry.ts';
import { surveyZip, type ZipEntry, zipEntries } from './zip-directory.ts';

/** Signs of a bomb: worth a word even where nobody expects a recording, but one is enough. */
const TOLD_ONCE: ReadonlySet<ArchiveRefusalCode> = new Set(['archive_too_deep', 'archive_ratio']);

/**
 * @param depth of this zip: 1 for one that was given.
 * @throws ArchiveRefusal, or what yauzl says of a damaged directory; then no file of it was unpacked.
 */
export async function* walkZip(
  source: ByteSource,
  path: string,
  depth: number,
  walk: ArchiveWalk,
): AsyncGenerator<ArchiveItem> {
  yield { type: 'opened', files: await surveyZip(source, walk.budget.takeEntries) };
  for await (const entry of zipEntries(source)) {
    if (walk.signal.aborted) return;
    const label = memberLabel(entry.name);
    const place = { path: `${path}/${label}`, depth, mustAnswer: mustBeAnswered(entry, label) };
    if (isHiddenName(label)) yield { type: 'passed_over', path: place.path };
    else yield* walkEntry(entry, place, walk);
  }
}

function mustBeAnswered({ isEncrypted }: ZipEntry, label: string): boolean {
  return isNamedLikeActivity(label) || (isEncrypted && isNamedLikeArchive(label));
}

async function* walkEntry(
  entry: ZipEntry,
  place: Pick<ArchiveMember, 'path' | 'depth' | 'mustAnswer'>,
  walk: ArchiveWalk,
): AsyncGenerator<ArchiveItem> {
  const member: ArchiveMember = { ...place, stream: unpackEntry(entry, walk), bytes: entry.bytes };
  try {
    yield* walk.walkMember(member, walk);
  } catch (error) {
    walk.signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal.isFinal) throw error;
    yield answerTo(refusal, member, walk);
  }
}

function answerTo(refusal: ArchiveRefusal, { path, mustAnswer }: ArchiveMember, { told }: ArchiveWalk): ArchiveItem {
  const { code, message: what } = refusal;
  const isSign = TOLD_ONCE.has(code);
  const isNews = isSign && !told.has(code);
  if (isSign) told.add(code);
  return isNews || (mustAnswer && code !== 'archive_too_deep')
    ? { type: 'refused', path, code, what }
    : { type: 'passed_over', path };
}
