import { blobLaws, type Law, type NewPlace, queueLaws, storeLaws } from '@coach-hub/core/conformance';
import { describe, expect, it } from 'vitest';
import { kindsHere, newFolder } from '../new-place.test-support.ts';
import { blobKillers } from './blob-mutants.test-support.ts';
import { changeKillers } from './change-mutants.test-support.ts';
import { placesOf } from './mutant.test-support.ts';
import { queueKillers } from './queue-mutants.test-support.ts';
import {
  connectionKillers,
  inboxKillers,
  readKillers,
  retentionKillers,
  sealKillers,
} from './store-mutants.test-support.ts';

const KILLERS = {
  ...changeKillers,
  ...inboxKillers,
  ...connectionKillers,
  ...readKillers,
  ...retentionKillers,
  ...sealKillers,
  ...queueKillers,
  ...blobKillers,
};

function allLaws(place: NewPlace): Law[] {
  return [...storeLaws(place), ...queueLaws(place), ...blobLaws(place)];
}

it('there is a mutant for each law', () => {
  expect(Object.keys(KILLERS).sort()).toEqual(
    allLaws(newFolder)
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each(await kindsHere())('every law notices a store on $name that breaks it', ({ newPlace }) => {
  it.each(Object.entries(KILLERS))('%s', async (name, mutant) => {
    const law = allLaws(placesOf(mutant, newPlace)).find((each) => each.name === name);
    await expect(law?.run()).rejects.toThrow();
  });
});
