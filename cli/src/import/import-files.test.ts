import { emptyImportRow, HubError, type ImportRow } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { type ImportEvent, importFiles } from './import-files.ts';
import type { ReadItem } from './read-files.ts';

const INPUT = { athleteId: 'ann', timeZone: null, inFlight: 2 };

async function* recordings(...names: string[]): AsyncGenerator<ReadItem> {
  for (const name of names) yield recording(name);
}

function recording(name: string, isGiven = true): ReadItem {
  return { type: 'recording', path: `at/${name}`, fileName: name, bytes: new TextEncoder().encode(name), isGiven };
}

function imported(file: string): ImportRow[] {
  return [emptyImportRow(file, 'imported')];
}

const never = new AbortController().signal;

/** `a` for a row, `(a)` for a file passed over. */
async function namesOf(events: AsyncGenerator<ImportEvent>): Promise<string[]> {
  const names = [];
  for await (const event of events) {
    if (event.type === 'done') names.push(...event.rows.map(({ file }) => file.replace('at/', '')));
    if (event.type === 'passed_over') names.push(`(${event.path.replace('at/', '')})`);
  }
  return names;
}

/** An importer that takes a moment for each file, and tells how many it had at once. */
function countingImporter() {
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
  return { importer, most: () => most };
}

describe('several files in work at once', () => {
  it('come back in the order given, whichever is done first', async () => {
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        if (fileName === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
        return imported(fileName);
      },
    };
    expect(await namesOf(importFiles(importer, INPUT, recordings('slow', 'quick', 'last'), never))).toEqual([
      'slow',
      'quick',
      'last',
    ]);
  });

  it('are never more than allowed', async () => {
    const { importer, most } = countingImporter();
    await namesOf(importFiles(importer, { ...INPUT, inFlight: 3 }, recordings('a', 'b', 'c', 'd', 'e'), never));
    expect(most()).toBe(3);
  });

  it('are finished when somebody stops the import, and no other is begun', async () => {
    const stop = new AbortController();
    const importer = {
      async importFile({ fileName }: { fileName: string }) {
        if (fileName === 'b') stop.abort();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return imported(fileName);
      },
    };
    const events = importFiles(importer, INPUT, recordings('a', 'b', 'c', 'd'), stop.signal);
    expect(await namesOf(events)).toEqual(['a', 'b']);
  });

  it('have their rows while the next file is still being looked for', async () => {
    let release = () => {};
    async function* slowly(): AsyncGenerator<ReadItem> {
      yield recording('a');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield recording('b');
    }
    const importer = { importFile: async ({ fileName }: { fileName: string }) => imported(fileName) };
    const events = importFiles(importer, INPUT, slowly(), never);
    expect(await events.next()).toMatchObject({ value: { path: 'at/a' } });
    release();
    expect(await namesOf(events)).toEqual(['b']);
  });

  it('with the same bytes are one after the other', async () => {
    const { importer, most } = countingImporter();
    expect(await namesOf(importFiles(importer, INPUT, recordings('a', 'a'), never))).toEqual(['a', 'a']);
    expect(most()).toBe(1);
  });
});

describe('a file of a device that is no activity', () => {
  const settings = { code: 'other_file_type', what: 'Settings.', fix: '' };
  const importer = {
    importFile: async ({ fileName }: { fileName: string }) => [
      { ...emptyImportRow(fileName, 'no_activity'), error: settings },
    ],
  };

  it('is passed over in a folder, and answered when it was given', async () => {
    async function* both(): AsyncGenerator<ReadItem> {
      yield recording('found', false);
      yield recording('given', true);
    }
    expect(await namesOf(importFiles(importer, INPUT, both(), never))).toEqual(['(found)', 'given']);
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
    expect(await namesOf(importFiles(importer, INPUT, recordings('a'), never))).toEqual(['a']);
  });
});
