import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobLaws, type NewPlace, queueLaws, storeLaws } from '@coach-hub/core/conformance';
import { describe, it } from 'vitest';
import { plugin } from './index.ts';

/** A data folder of its own for each law. */
const newPlace: NewPlace = async () => {
  const url = mkdtempSync(join(tmpdir(), 'coach-store-'));
  return {
    async open(options) {
      const opened = await plugin.open({ url, ...options });
      await opened.store.migrate();
      return opened;
    },
    async remove() {
      rmSync(url, { recursive: true });
    },
  };
};

describe.each([
  ['SyncStore', storeLaws(newPlace)],
  ['JobQueue', queueLaws(newPlace)],
  ['BlobStore', blobLaws(newPlace)],
])('the SQLite store keeps the laws of a %s', (_contract, laws) => {
  it.each(laws)('$name', (law) => law.run());
});
