/** Suites that say what a contract means, for any test runner: each law throws when it is broken. */
export { blobLaws } from './blob-suite.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export type { Law } from './law.ts';
export { assertClaimFits, assertKeysDiffer } from './provider/claim-check.ts';
export { type ProviderFixtures, providerLaws } from './provider-suite.ts';
export { queueLaws } from './queue-suite.ts';
export type { NewPlace, StorePlace } from './store/store-place.ts';
export { storeLaws } from './store-suite.ts';
