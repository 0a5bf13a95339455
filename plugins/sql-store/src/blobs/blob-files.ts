/**
 * Large bytes, as files: `<folder>/<hash of the athlete>/<first 2 of the hash>/<hash>`.
 *
 * A file appears under its name whole or not at all: it is written under another name, flushed, renamed, and then the
 * folder is flushed too. What a crash leaves are files in `tmp`, which the next start removes.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobKey, Log } from '@coach-hub/core';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Larger files are not hashed again when they are read. */
const VERIFY_BELOW_BYTES = 1024 * 1024;
/** A file in `tmp` that was not touched for so long is nobody's, whoever has the folder open. */
const ABANDONED_AFTER_MS = 3_600_000;
/** A folder can be removed by a delete between its making and its use. */
const PLACE_TRIES = 3;

export interface BlobFiles {
  /** Begins a file; exactly one of `keep` and `drop` ends it. */
  begin(): Promise<Draft>;
  read(key: BlobKey): Promise<Uint8Array | null>;
  stream(key: BlobKey): Promise<{ bytes: number; body: Readable } | null>;
  has(key: BlobKey): Promise<boolean>;
  /** Whether it is there with so many bytes and, as far as that is cheap to tell, undamaged. */
  isWhole(key: BlobKey, bytes: number): Promise<boolean>;
  remove(key: BlobKey): Promise<void>;
  /** Hashes of the files of one owner. */
  ofOwner(athleteId: string): Promise<string[]>;
  usage(): Promise<{ blobs: number; bytes: number }>;
  /** Removes what crashed writers left: all of it when nobody else has the folder open, else what is old. */
  sweep(isAlone: boolean): Promise<void>;
}

export interface Draft {
  write(bytes: Uint8Array): Promise<void>;
  keep(key: BlobKey): Promise<void>;
  drop(): Promise<void>;
}

export interface BlobFilesDeps {
  folder: string;
  now: () => number;
  random: () => number;
  log: Log;
}

export function createBlobFiles({ folder, now, random, log }: BlobFilesDeps): BlobFiles {
  const drafts = join(folder, 'tmp');
  let begun = 0;

  function folderOf(athleteId: string): string {
    return join(folder, createHash('sha256').update(athleteId).digest('hex').slice(0, 32));
  }

  function pathOf({ athleteId, sha256 }: BlobKey): string {
    return join(folderOf(athleteId), sha256.slice(0, 2), sha256);
  }

  async function begin(): Promise<Draft> {
    const path = join(drafts, `${Math.floor(random() * 2 ** 52).toString(36)}-${begun++}`);
    const file = await openNew(path);
    return {
      write: async (bytes) => {
        await file.writeFile(bytes);
      },
      async keep(key) {
        try {
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

  async function remove(key: BlobKey): Promise<void> {
    const path = pathOf(key);
    await rm(path, { force: true });
    // An erased athlete leaves no folder either. A folder in use refuses.
    for (const each of [dirname(path), dirname(dirname(path))]) await rmdir(each).catch(() => undefined);
  }

  async function ofOwner(athleteId: string): Promise<string[]> {
    return (await filesIn(folderOf(athleteId))).map((path) => basename(path));
  }

  async function usage(): Promise<{ blobs: number; bytes: number }> {
    const total = { blobs: 0, bytes: 0 };
    for (const entry of await filesIn(folder)) {
      if (entry.startsWith(drafts)) continue;
      total.blobs += 1;
      total.bytes += (await stat(entry).catch(missing))?.size ?? 0;
    }
    return total;
  }

  async function sweep(isAlone: boolean): Promise<void> {
    for (const path of await filesIn(drafts)) {
      const draft = await stat(path).catch(missing);
      if (draft && (isAlone || now() - draft.mtimeMs > ABANDONED_AFTER_MS)) await rm(path, { force: true });
    }
  }

  return { begin, read, stream, has, isWhole, remove, ofOwner, usage, sweep };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missing);
  return (entries ?? []).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Flushes the folders that got a new name in them: of the file, and of each folder down from `made`. */
async function flushNames(path: string, made: string): Promise<void> {
  for (let at = path; at !== dirname(made); at = dirname(at)) await flushFolder(dirname(at));
}

async function flushFolder(path: string): Promise<void> {
  const handle = await open(path).catch(missing);
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
