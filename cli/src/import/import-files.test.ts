import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyImportRow, HubError, type ImportRow } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing/coach.test-support.ts';
import { importFiles } from './import-files.ts';

function filesNamed(...names: string[]): string[] {
  const folder = emptyFolder();
  return names.map((name) => {
    const path = join(folder, name);
    writeFileSync(path, name);
    return path;
  });
}

function input(files: string[], inFlight = 2) {
  return { athleteId: 'ann', timeZone: null, files, inFlight };
}

function imported(file: string): ImportRow[] {
  return [emptyImportRow(file, 'imported')];
}

async function namesOf(rows: AsyncGenerator<ImportRow[]>): Promise<(string | undefined)[]> {
  const names = [];
  for await (const [row] of rows) names.push(row?.file.split('/').at(-1));
  return names;
}

describe('several files in work at once', () => {
  it('come back in the order given, whichever is done first', async () => {
    const files = filesNamed('slow', 'quick', 'last');
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        if (fileName === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
        return imported(fileName);
      },
    };
    expect(await namesOf(importFiles(importer, input(files), new AbortController().signal))).toEqual([
      'slow',
      'quick',
      'last',
    ]);
  });

  it('are never more than allowed', async () => {
    let running = 0;
    let most = 0;
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return imported(fileName);
      },
    };
    await namesOf(importFiles(importer, input(filesNamed('a', 'b', 'c', 'd', 'e'), 3), new AbortController().signal));
    expect(most).toBe(3);
  });

  it('are finished when somebody stops the import, and no other is begun', async () => {
    const stop = new AbortController();
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        stop.abort();
        return imported(fileName);
      },
    };
    const names = await namesOf(importFiles(importer, input(filesNamed('a', 'b', 'c', 'd')), stop.signal));
    expect(names).toEqual(['a', 'b']);
  });
});

describe('a database another process holds', () => {
  it('is waited for', async () => {
    let tries = 0;
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        tries += 1;
        if (tries === 1) throw new HubError('database_busy', { what: 'Busy.', why: 'Another process.', fix: 'Wait.' });
        return imported(fileName);
      },
    };
    expect(await namesOf(importFiles(importer, input(filesNamed('a')), new AbortController().signal))).toEqual(['a']);
  });
});
