/** Blobs from one folder to another, each checked against the hash it is named by. */
import { rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { DRAFTS } from '../blobs/blob-path.ts';
import { copyFile } from '../files/copy-file.ts';
import { filesIn, flushFolder } from '../files/folders.ts';

const AT_ONCE = 8;

export interface BlobCopy {
  /** Copies what is not copied yet. Returns what could not be: it is gone, or its bytes are not those of its name. */
  copy(paths: Iterable<string>): Promise<string[]>;
  /** Removes what was copied and is not among these. */
  keepOnly(paths: ReadonlySet<string>): Promise<void>;
  total(): { files: number; bytes: number };
  /** Puts on disk which files there are. */
  flush(): Promise<void>;
}

export interface BlobCopyDeps {
  from: string;
  to: string;
  signal: AbortSignal | undefined;
  onCopied: (done: number, total: number) => void;
}

/** Paths, below a blob folder, of the whole blobs in it. */
export async function blobsIn(folder: string): Promise<string[]> {
  const drafts = join(folder, DRAFTS);
  return (await filesIn(folder)).filter((path) => !path.startsWith(drafts)).map((path) => relative(folder, path));
}

export function createBlobCopy({ from, to, signal, onCopied }: BlobCopyDeps): BlobCopy {
  /** Path → bytes. */
  const held = new Map<string, number>();

  async function copyOne(path: string): Promise<boolean> {
    const target = join(to, path);
    const copied = await copyFile(join(from, path), target, signal);
    if (copied?.sha256 === basename(path)) {
      held.set(path, copied.bytes);
      return true;
    }
    if (copied) await rm(target, { force: true });
    return false;
  }

  return {
    async copy(paths) {
      const waiting = [...new Set(paths)].filter((path) => !held.has(path));
      const total = held.size + waiting.length;
      const absent: string[] = [];
      const work = async () => {
        for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
          if (!(await copyOne(path))) absent.push(path);
          onCopied(held.size, total);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return absent.sort();
    },
    async keepOnly(paths) {
      for (const path of [...held.keys()].filter((each) => !paths.has(each))) {
        await rm(join(to, path), { force: true });
        held.delete(path);
      }
    },
    total: () => ({ files: held.size, bytes: [...held.values()].reduce((sum, bytes) => sum + bytes, 0) }),
    async flush() {
      const folders = new Set([...held.keys()].flatMap((path) => [join(to, path, '..'), join(to, path, '..', '..')]));
      for (const folder of [...folders, to]) await flushFolder(folder);
    },
  };
}
