/** From files on disk to recordings, one after the other: plain files as they are, archives by what is in them. */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportRow } from '@coach-hub/core';
import {
  type ArchiveItem,
  type ArchiveOptions,
  archiveKindOf,
  type ByteSource,
  fileKindOf,
  fileSource,
  isNamedLikeActivity,
  walkArchive,
} from '@coach-hub/core/archive';
import type { FoundFile, FoundFiles } from './find-files.ts';
import { nothingFoundRow, refusedRow, tooLargeRow, unreadableRow } from './unreadable-row.ts';

/** What there is to do about one file, or why there is nothing. */
export type ReadItem =
  /** So many files more are known of. */
  | { type: 'found'; files: number }
  | { type: 'recording'; path: string; fileName: string; bytes: Uint8Array; isGiven: boolean }
  | { type: 'answer'; path: string; row: ImportRow }
  | { type: 'passed_over'; path: string };

const HEAD_BYTES = 4_096;

/** Each path that was given has an answer: a recording, a row, or a row that says that there was none. */
export async function* readFiles(found: readonly FoundFiles[], options: ArchiveOptions): AsyncGenerator<ReadItem> {
  yield { type: 'found', files: found.reduce((sum, { files }) => sum + files.length, 0) };
  for (const { given, files } of found) {
    let answers = 0;
    for (const file of files) {
      if (options.signal.aborted) return;
      for await (const item of readOne(file, options)) {
        if (item.type === 'recording' || item.type === 'answer') answers += 1;
        yield item;
      }
    }
    if (answers === 0 && !options.signal.aborted) yield { type: 'answer', path: given, row: nothingFoundRow(given) };
  }
}

async function* readOne({ path, isGiven, error }: FoundFile, options: ArchiveOptions): AsyncGenerator<ReadItem> {
  let file: FileHandle | null = null;
  try {
    if (error !== null) throw error;
    file = await open(path, 'r');
    const source = fileSource(file, (await file.stat()).size);
    const head = await source.read(0, HEAD_BYTES);
    if (archiveKindOf(head) !== null) yield* readArchive(source, path, options);
    else if (isGiven || isNamedLikeActivity(path) || fileKindOf(head) !== 'other') {
      yield await recordingOf(source, path, isGiven, options.maxFileBytes);
    } else yield { type: 'passed_over', path };
  } catch (failure) {
    yield { type: 'answer', path, row: unreadableRow(path, failure) };
  } finally {
    await file?.close();
  }
}

async function recordingOf(source: ByteSource, path: string, isGiven: boolean, maxBytes: number): Promise<ReadItem> {
  if (source.size > maxBytes) return { type: 'answer', path, row: tooLargeRow(path, maxBytes) };
  const bytes = await source.read(0, source.size);
  return { type: 'recording', path, fileName: basename(path), bytes, isGiven };
}

async function* readArchive(source: ByteSource, path: string, options: ArchiveOptions): AsyncGenerator<ReadItem> {
  let isCounted = false;
  for await (const item of walkArchive(source, path, options)) {
    // The archive itself was counted as one file; its own files take its place.
    if (item.type === 'opened') yield { type: 'found', files: item.files - (isCounted ? 0 : 1) };
    else yield itemOf(item);
    isCounted = true;
  }
}

function itemOf(item: Exclude<ArchiveItem, { type: 'opened' }>): ReadItem {
  switch (item.type) {
    case 'file':
      return { type: 'recording', path: item.path, fileName: item.fileName, bytes: item.bytes, isGiven: false };
    case 'refused':
      return { type: 'answer', path: item.path, row: refusedRow(item) };
    case 'passed_over':
      return item;
  }
}
