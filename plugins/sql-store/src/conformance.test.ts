import { blobLaws, queueLaws, storeLaws } from '@coach-hub/core/conformance';
import { describe, it } from 'vitest';
import { kindsHere } from './new-place.test-support.ts';

describe.each(await kindsHere())('the store on $name', ({ newPlace }) => {
  describe.each([
    ['SyncStore', storeLaws(newPlace)],
    ['JobQueue', queueLaws(newPlace)],
    ['BlobStore', blobLaws(newPlace)],
  ])('keeps the laws of a %s', (_contract, laws) => {
    it.each(laws)('$name', (law) => law.run());
  });
});
