/**
 * A backup of a data folder that may be in use: the database as it was at one instant, and every blob it named then.
 *
 * A read transaction fixes the instant. Writers are not held up by it, and pages are copied under it, so that a write
 * of another process does not start the copy anew, as it does without one. Blobs never change but can go: what the
 * instant names and is gone before it could be copied makes that instant useless, so a later one is tried. A file that
 * two instants name and nobody has was lost before.
 */
import { join } from 'node:path';
import { BackupManifest, type BackupOptions, HubError } from '@coach-hub/core';
import { blobPath } from '../blobs/blob-path.ts';
import { flushFile } from '../files/copy-file.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { migrationsOf } from '../migrations/registry.ts';
import { locationOf } from '../sqlite/location.ts';
import { appliedMigrations } from '../sqlite/migrate.ts';
import type { Sqlite } from '../sqlite/open-sqlite.ts';
import { createPrivate, openForReading } from '../sqlite/open-sqlite.ts';
import { rowCounter } from '../sqlite/row-counts.ts';
import { sqliteError } from '../sqlite/sqlite-error.ts';
import { BLOBS, claimFolder, DATABASE, writeManifest } from './backup-folder.ts';
import { type BlobCopy, blobsIn, createBlobCopy } from './copy-blobs.ts';
import { heldIn, markDurable } from './mark-durable.ts';
import { namedFiles } from './named-blobs.ts';

/** Pages copied in one go, 4 MiB: in between, progress is told and an interruption noticed. */
const PAGES_PER_STEP = 1_024;

export async function takeBackup(options: BackupOptions): Promise<BackupManifest> {
  const { url, folder, signal, onProgress } = options;
  const location = locationOf(url);
  const source = openSource(location.database);
  try {
    refuseNewer(appliedMigrations(source), migrationsOf('sqlite'));
    await claimFolder(folder);
    const blobs = createBlobCopy({
      from: location.blobs,
      to: join(folder, BLOBS),
      signal,
      onCopied: (done, total) => onProgress?.({ stage: 'blobs', done, total }),
    });
    // Nearly all of them, before an instant is held: while it is, the -wal file only grows.
    await blobs.copy(await blobsIn(location.blobs));
    const { lost, takenAtMs } = await holdInstant(source, blobs, options);
    await copyDatabase(source, join(folder, DATABASE), options);
    const migrations = appliedMigrations(source).map(({ name }) => name);
    const counts = await rowCounter(source)();
    const held = heldIn(source);
    source.exec('rollback');
    await blobs.flush();
    const manifest = BackupManifest.parse({
      takenAt: new Date(takenAtMs).toISOString(),
      productVersion: options.productVersion,
      dialect: 'sqlite',
      migrations,
      database: { file: DATABASE, ...(await flushFile(join(folder, DATABASE), signal)) },
      blobs: { ...blobs.total(), lost },
      counts,
    });
    await writeManifest(folder, manifest);
    markDurable(location.database, held, options.log);
    return manifest;
  } catch (error) {
    throw sqliteError(error);
  } finally {
    source.close();
  }
}

function openSource(path: string): Sqlite {
  try {
    return openForReading(path);
  } catch (cause) {
    throw new HubError(
      'not_found',
      {
        what: 'There is no database to back up.',
        why: `${path} cannot be opened.`,
        fix: 'Name the data folder of a hub with --data.',
      },
      { cause },
    );
  }
}

/** Leaves the source in a read transaction whose every blob is copied. */
async function holdInstant(
  source: Sqlite,
  blobs: BlobCopy,
  { now, log, signal }: BackupOptions,
): Promise<{ lost: string[]; takenAtMs: number }> {
  let absentBefore = new Set<string>();
  for (;;) {
    signal?.throwIfAborted();
    source.exec('begin');
    const takenAtMs = now();
    const named = new Set<string>();
    for (const key of namedFiles(source)) named.add(blobPath(key));
    const absent = await blobs.copy(named);
    if (absent.every((path) => absentBefore.has(path))) {
      // What went meanwhile is not part of the backup: somebody may have asked for it to be erased.
      await blobs.keepOnly(named);
      if (absent.length > 0) log.warn('blobs that the database names are lost', { blobs: absent.length });
      return { lost: absent, takenAtMs };
    }
    absentBefore = new Set(absent);
    source.exec('rollback');
  }
}

async function copyDatabase(source: Sqlite, target: string, { signal, onProgress }: BackupOptions): Promise<void> {
  createPrivate(target);
  await source.backup(target, {
    progress({ totalPages, remainingPages }) {
      signal?.throwIfAborted();
      onProgress?.({ stage: 'database', done: totalPages - remainingPages, total: totalPages });
      return PAGES_PER_STEP;
    },
  });
}
