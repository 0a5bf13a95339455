import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing/coach.test-support.ts';
import { findFiles } from './find-files.ts';

const never = new AbortController().signal;

function folderWith(...names: string[]): string {
  const folder = emptyFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return folder;
}

/** Paths below the folder, each with the reason why it cannot be read. */
async function found(folder: string, stop = never): Promise<string[]> {
  const { files } = await findFiles(folder, stop);
  return files.map(({ path, error }) => {
    const reason = error === null ? '' : ` ${(error as NodeJS.ErrnoException).code}`;
    return `${path.slice(folder.length + 1)}${reason}`;
  });
}

describe('a folder', () => {
  it('is walked in the order of names, the same on every machine', async () => {
    const folder = folderWith('b/2.fit', 'b/10.fit', 'a.fit', 'Z.fit', 'ä.fit');
    expect(await found(folder)).toEqual(['Z.fit', 'a.fit', 'b/10.fit', 'b/2.fit', 'ä.fit']);
  });

  it('keeps its hidden files to itself', async () => {
    expect(await found(folderWith('.trash/1.fit', '.2.fit', '3.fit', '__MACOSX/4.fit'))).toEqual(['3.fit']);
  });

  it('gives files behind links, and follows no link to a folder', async () => {
    const folder = folderWith('a/1.fit');
    symlinkSync('..', join(folder, 'a/round'));
    symlinkSync('/', join(folder, 'everything'));
    symlinkSync('a/1.fit', join(folder, 'one.fit'));
    symlinkSync('nowhere.fit', join(folder, 'lost.fit'));
    symlinkSync('self.fit', join(folder, 'self.fit'));
    expect(await found(folder)).toEqual(['a/1.fit', 'lost.fit ENOENT', 'one.fit', 'self.fit ELOOP']);
  });

  it('that may not be read is an answer of its own, and the next one is walked', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may read everything');
    const folder = folderWith('a/1.fit', 'b/2.fit');
    chmodSync(join(folder, 'a'), 0o000);
    expect(await found(folder)).toEqual(['a EACCES', 'b/2.fit']);
    chmodSync(join(folder, 'a'), 0o700);
  });

  it('is not walked once somebody stopped the import', async () => {
    expect(await found(folderWith('a/1.fit', '2.fit'), AbortSignal.abort())).toEqual([]);
  });
});

describe('a path', () => {
  it('that leads nowhere is found with its reason', async () => {
    const { files } = await findFiles('/nowhere/run.fit', never);
    expect(files).toMatchObject([{ path: '/nowhere/run.fit', isGiven: true, error: { code: 'ENOENT' } }]);
  });
});
