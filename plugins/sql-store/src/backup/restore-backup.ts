/**
 * A backup put in a new place. Everything happens in a folder of its own below that place and is moved last, the database
 * at the very end: a place is restored when `coach.db` is in it.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BackupManifest, HubError, type Restored, type RestoreOptions } from '@coach-hub/core';
import { blobPath } from '../blobs/blob-path.ts';
import { copyFile } from '../files/copy-file.ts';
import { FOLDER_MODE, flushFolder } from '../files/folders.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { migrationsOf } from '../migrations/registry.ts';
import { newEpoch } from '../new-epoch.ts';
import { type Location, locationOf } from '../sqlite/location.ts';
import { openFolder } from '../sqlite/open-folder.ts';
import { openForWriting } from '../sqlite/open-sqlite.ts';
import { sqliteError } from '../sqlite/sqlite-error.ts';
import { BLOBS, readManifest } from './backup-folder.ts';
import { createBlobCopy } from './copy-blobs.ts';
import { namedFiles } from './named-blobs.ts';

const STAGE = 'restoring';
/** May lie in the place before: an operator puts the keys there, for a backup holds none. */
const KEY_FILE = 'keys.json';

export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, url, now, random, log, inspect } = options;
  const manifest = await readManifest(folder);
  refuseNewer(
    manifest.migrations.map((name) => ({ name, version: manifest.productVersion, appliedAtMs: 0 })),
    migrationsOf('sqlite'),
  );
  const place = locationOf(url);
  await refuseTaken(place.folder);
  const stage = locationOf(join(place.folder, STAGE));
  await rm(stage.folder, { recursive: true, force: true });
  await mkdir(stage.folder, { recursive: true, mode: FOLDER_MODE });
  try {
    await copyDatabase(manifest, stage, options);
    const epoch = newEpoch(random);
    const names = await makeItsOwn(stage.database, folder, epoch);
    await copyBlobs(manifest, names, stage, options);
    const opened = await openFolder({ url: stage.folder, now, random, log });
    await inspect(opened).finally(() => opened.close());
    await publish(stage, place);
    return { manifest, epoch };
  } catch (error) {
    await rm(stage.folder, { recursive: true, force: true });
    throw sqliteError(error);
  }
}

async function refuseTaken(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const others = (await readdir(folder)).filter((name) => name !== KEY_FILE && name !== STAGE);
  if (others.length === 0) return;
  throw new HubError('conflict', {
    what: 'Nothing was restored.',
    why: `${folder} is not empty: it holds ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' and more' : ''}.`,
    fix: `Name a new folder with --data. A ${KEY_FILE} may lie in it, and nothing else.`,
  });
}

async function copyDatabase(
  { database }: BackupManifest,
  stage: Location,
  { folder, signal, onProgress }: RestoreOptions,
): Promise<void> {
  onProgress?.({ stage: 'database', done: 0, total: database.bytes });
  // The name comes from a file that anybody may have written.
  const copied = await copyFile(join(folder, basename(database.file)), stage.database, signal);
  if (copied === null) throw damaged(folder, `${database.file} is missing.`);
  onProgress?.({ stage: 'database', done: copied.bytes, total: database.bytes });
  if (copied.sha256 !== database.sha256 || copied.bytes !== database.bytes) {
    throw damaged(folder, `${database.file} is not what was written: its SHA-256 differs from that of the manifest.`);
  }
}

/** Checks the database and makes it another one than the hub had that was backed up. Returns the blobs it names. */
async function makeItsOwn(path: string, folder: string, epoch: string): Promise<Set<string>> {
  const sqlite = openForWriting(path);
  try {
    const found = sqlite.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw damaged(folder, `SQLite finds its database damaged: ${found}.`);
    sqlite.transaction(() => {
      sqlite.prepare('update server set epoch = ?').run(epoch);
      // Who held these is not at work here: what was being done is taken up at once.
      sqlite.prepare('delete from lease').run();
      sqlite.prepare("update job set lease_until_ms = 0 where state = 'running'").run();
    })();
    return new Set([...namedFiles(sqlite)].map(blobPath));
  } finally {
    sqlite.close();
  }
}

async function copyBlobs(
  { blobs }: BackupManifest,
  names: Set<string>,
  stage: Location,
  { folder, signal, log, onProgress }: RestoreOptions,
): Promise<void> {
  const copy = createBlobCopy({
    from: join(folder, BLOBS),
    to: stage.blobs,
    signal,
    onCopied: (done, total) => onProgress?.({ stage: 'blobs', done, total }),
  });
  const absent = (await copy.copy(names)).filter((path) => !blobs.lost.includes(path));
  if (absent.length > 0) {
    throw damaged(folder, `${absent.length} of its blobs are missing or damaged; the first is ${absent[0]}.`);
  }
  if (blobs.lost.length > 0) log.warn('blobs were lost before the backup', { blobs: blobs.lost.length });
  await copy.flush();
}

async function publish(stage: Location, place: Location): Promise<void> {
  await rename(stage.blobs, place.blobs);
  await flushFolder(place.folder);
  await rename(stage.database, place.database);
  await flushFolder(place.folder);
  await rm(stage.folder, { recursive: true, force: true });
}

function damaged(folder: string, why: string): HubError {
  return new HubError('backup_invalid', {
    what: `The backup in ${folder} is damaged; nothing was restored.`,
    why,
    fix: 'Restore another backup, and look at the disk this one lay on.',
  });
}
