import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FILE_MODE, FOLDER_MODE, missing } from './folders.ts';

const CHUNK_BYTES = 256 * 1024;

export interface Copied {
  bytes: number;
  sha256: string;
}

/** Copies a file to disk, flushed, and tells the hash of what was copied; null when there is none to copy. */
export async function copyFile(from: string, to: string, signal?: AbortSignal): Promise<Copied | null> {
  const source = await open(from).catch(missing);
  if (!source) return null;
  try {
    await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
    const target = await open(to, 'w', FILE_MODE);
    try {
      const copied = await readThrough(source, (chunk) => target.writeFile(chunk), signal);
      await target.sync();
      return copied;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Flushes a file that somebody else wrote, and tells its hash. */
export async function flushFile(path: string, signal?: AbortSignal): Promise<Copied> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    return await readThrough(file, async () => undefined, signal);
  } finally {
    await file.close();
  }
}

async function readThrough(
  file: FileHandle,
  each: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Copied> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let bytes = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(chunk);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    await each(part);
    bytes += bytesRead;
  }
}
