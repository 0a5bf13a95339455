import { blobLaws, queueLaws, storeLaws } from '@coach-hub/core/conformance';
import { describe, it } from 'vitest';
import { newPlace } from './new-place.test-support.ts';

describe.each([
  ['SyncStore', storeLaws(newPlace)],
  ['JobQueue', queueLaws(newPlace)],
  ['BlobStore', blobLaws(newPlace)],
])('the SQLite store keeps the laws of a %s', (_contract, laws) => {
  it.each(laws)('$name', (law) => law.run());
});
