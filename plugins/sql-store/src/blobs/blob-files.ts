/**
 * Large bytes, as files: `<folder>/<hash of the athlete>/<first 2 of the hash>/<hash>`.
 *
 * A file appears under its name whole or not at all: it is written under another name, flushed, renamed, and then the
 * folder is flushed too. What a crash leaves are files in `tmp`, which the next start removes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobKey, Log } from '@coach-hub/core';
import { codeOf, FILE_MODE, FOLDER_MODE, filesIn, flushFolder, missing } from '../files/folders.ts';
import { blobPath, DRAFTS, ownerPath } from './blob-path.ts';
import { ABANDONED_AFTER_MS, type Draft, type LargeBlobs, VERIFY_BELOW_BYTES } from './large-blobs.ts';

/** A folder can be removed by a delete between its making and its use. */
const PLACE_TRIES = 3;

export interface BlobFilesDeps {
  folder: string;
  now: () => number;
  random: () => number;
  log: Log;
}

/** Pieces of a stream are gathered to so much: a large body does not keep the file system busy with every packet. */
const WRITTEN_AT_ONCE_BYTES = 1024 * 1024;

export function createBlobFiles({ folder, now, random, log }: BlobFilesDeps): LargeBlobs {
  const drafts = join(folder, DRAFTS);
  let begun = 0;

  function folderOf(athleteId: string): string {
    return join(folder, ownerPath(athleteId));
  }

  function pathOf(key: BlobKey): string {
    return join(folder, blobPath(key));
  }

  async function begin(): Promise<Draft> {
    const path = join(drafts, `${Math.floor(random() * 2 ** 52).toString(36)}-${begun++}`);
    const file = await openNew(path);
    let held: Buffer | null = null;
    let heldBytes = 0;
    const flush = async () => {
      if (held !== null && heldBytes > 0) await file.writeFile(held.subarray(0, heldBytes));
      heldBytes = 0;
    };
    return {
      async write(bytes) {
        if (heldBytes + bytes.length > WRITTEN_AT_ONCE_BYTES) await flush();
        if (bytes.length > WRITTEN_AT_ONCE_BYTES) return file.writeFile(bytes);
        held ??= Buffer.allocUnsafeSlow(WRITTEN_AT_ONCE_BYTES);
        held.set(bytes, heldBytes);
        heldBytes += bytes.length;
      },
      async keep(key) {
        try {
          await flush();
          await file.utimes(nowS(), nowS());
          await file.sync();
          await file.close();
          await place(path, pathOf(key));
        } catch (error) {
          await file.close().catch(() => undefined);
          await rm(path, { force: true });
          throw error;
        }
      },
      async drop() {
        await file.close();
        await rm(path, { force: true });
      },
    };
  }

  async function openNew(path: string): Promise<FileHandle> {
    await mkdir(drafts, { recursive: true, mode: FOLDER_MODE });
    return open(path, 'wx', FILE_MODE);
  }

  async function place(draft: string, path: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      const made = await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      try {
        await rename(draft, path);
        return await flushNames(path, made ?? path);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || tries === PLACE_TRIES) throw error;
      }
    }
  }

  async function read(key: BlobKey): Promise<Uint8Array | null> {
    const bytes = await readFile(pathOf(key)).catch(missing);
    if (!bytes || bytes.length >= VERIFY_BELOW_BYTES) return bytes;
    if (createHash('sha256').update(bytes).digest('hex') === key.sha256) return bytes;
    log.error('stored bytes are damaged', { path: pathOf(key) });
    return null;
  }

  async function stream(key: BlobKey): Promise<{ bytes: number; body: Readable } | null> {
    const file = await open(pathOf(key)).catch(missing);
    if (!file) return null;
    const { size } = await file.stat();
    return { bytes: size, body: file.createReadStream() };
  }

  async function has(key: BlobKey): Promise<boolean> {
    return (await stat(pathOf(key)).catch(missing)) !== null;
  }

  async function isWhole(key: BlobKey, bytes: number): Promise<boolean> {
    const file = await stat(pathOf(key)).catch(missing);
    if (file?.size !== bytes) return false;
    return bytes >= VERIFY_BELOW_BYTES || (await read(key)) !== null;
  }

  /** Ages are told by the clock that was passed in. */
  function nowS(): number {
    return now() / 1000;
  }

  async function touch(key: BlobKey): Promise<boolean> {
    return (await utimes(pathOf(key), nowS(), nowS()).catch(missing)) !== null;
  }

  async function remove(key: BlobKey): Promise<void> {
    const path = pathOf(key);
    await rm(path, { force: true });
    await removeFolders(path);
  }

  /** An erased athlete leaves no folder either. A folder in use refuses. */
  async function removeFolders(path: string): Promise<void> {
    for (const each of [dirname(path), dirname(dirname(path))]) await rmdir(each).catch(() => undefined);
  }

  /**
   * Taken aside first and looked at there: between a look and a removal in its place, somebody could touch it. Who puts
   * the same bytes meanwhile finds them missing and writes them again.
   */
  async function removeIfOld(key: BlobKey, untilMs: number): Promise<boolean> {
    const path = pathOf(key);
    const aside = join(drafts, `${key.sha256}-${begun++}`);
    await mkdir(drafts, { recursive: true, mode: FOLDER_MODE });
    if ((await rename(path, aside).catch(missing)) === null) return false;
    if ((await stat(aside)).mtimeMs > untilMs) {
      await place(aside, path);
      return false;
    }
    await rm(aside, { force: true });
    await removeFolders(path);
    return true;
  }

  async function ofOwner(athleteId: string, untilMs: number): Promise<string[]> {
    const hashes: string[] = [];
    for (const path of await filesIn(folderOf(athleteId))) {
      const file = await stat(path).catch(missing);
      if (file !== null && file.mtimeMs <= untilMs) hashes.push(basename(path));
    }
    return hashes;
  }

  async function sizesOf(paths: string[]): Promise<{ blobs: number; bytes: number }> {
    const total = { blobs: 0, bytes: 0 };
    for (const path of paths) {
      total.blobs += 1;
      total.bytes += (await stat(path).catch(missing))?.size ?? 0;
    }
    return total;
  }

  async function usage(): Promise<{ blobs: number; bytes: number }> {
    return sizesOf((await filesIn(folder)).filter((path) => !path.startsWith(drafts)));
  }

  async function usageOf(athleteId: string): Promise<{ blobs: number; bytes: number }> {
    return sizesOf(await filesIn(folderOf(athleteId)));
  }

  async function sweep(isAlone: boolean): Promise<void> {
    for (const path of await filesIn(drafts)) {
      const draft = await stat(path).catch(missing);
      if (draft && (isAlone || now() - draft.mtimeMs > ABANDONED_AFTER_MS)) await rm(path, { force: true });
    }
  }

  return { begin, read, stream, has, isWhole, touch, remove, removeIfOld, ofOwner, usage, usageOf, sweep };
}

/** Flushes the folders that got a new name in them: of the file, and of each folder down from `made`. */
async function flushNames(path: string, made: string): Promise<void> {
  for (let at = path; at !== dirname(made); at = dirname(at)) await flushFolder(dirname(at));
}
