/**
 * Everything in an archive that may be a recording, one after the other, whatever the archive does.
 *
 * Zip and gzip, by content, in one another. Nothing throws for what an archive holds: what cannot be unpacked is
 * `refused`, and its neighbours come all the same. At most one recording is in memory at a time.
 */
import { createArchiveBudget } from './archive-budget.ts';
import type { ArchiveItem, ArchiveOptions, ArchiveWalk } from './archive-item.ts';
import { archiveKindOf } from './archive-kind.ts';
import { refusalOf } from './archive-refusal.ts';
import { type ByteSource, chunksOf } from './byte-source.ts';
import { walkGzip, walkMember } from './walk-member.ts';
import { walkZip } from './walk-zip.ts';

/**
 * @param path as the athlete gave it; the names of files in it follow after a slash.
 * @throws Error when the source cannot be read.
 */
export async function* walkArchive(
  source: ByteSource,
  path: string,
  options: ArchiveOptions,
): AsyncGenerator<ArchiveItem> {
  const walk: ArchiveWalk = { ...options, budget: createArchiveBudget(options.limits), told: new Set(), walkMember };
  const kind = archiveKindOf(await source.read(0, 4));
  try {
    if (kind === 'gzip') {
      yield* walkGzip({ path, stream: chunksOf(source), bytes: null, depth: 0, mustAnswer: true }, walk);
    } else yield* walkZip(source, path, 1, walk);
  } catch (error) {
    if (walk.signal.aborted) return;
    const { code, message } = refusalOf(error);
    yield { type: 'refused', path, code, what: message };
  }
}
