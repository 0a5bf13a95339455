/** An archive in an archive, put where it can be read from any place on: in memory, or in a file that has no name. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SPOOL_MEMORY_BYTES } from './archive-limits.ts';
import { type ByteSource, fileSource, memorySource } from './byte-source.ts';
import { type ByteStream, collect, peek } from './byte-stream.ts';

export interface Spooled {
  source: ByteSource;
  close(): Promise<void>;
}

export async function spool(stream: ByteStream, tempDir: string): Promise<Spooled> {
  const { head, whole } = await peek(stream, SPOOL_MEMORY_BYTES + 1);
  if (head.length > SPOOL_MEMORY_BYTES) return spoolToFile(whole, tempDir);
  return { source: memorySource(await collect(whole, head.length)), close: async () => undefined };
}

async function spoolToFile(stream: ByteStream, tempDir: string): Promise<Spooled> {
  const file = await openNameless(tempDir);
  try {
    let size = 0;
    for await (const piece of stream) {
      await file.appendFile(piece);
      size += piece.length;
    }
    return { source: fileSource(file, size), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Gone from its folder before a byte is in it: however this process ends, nothing stays behind. */
async function openNameless(tempDir: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(tempDir, 'coach-archive-'));
  try {
    return await open(join(folder, 'archive'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}
