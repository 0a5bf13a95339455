/**
 * Seals everything again with the newest key, while the hub runs.
 *
 * A row is replaced only while it is what was read, so that tokens refreshed meanwhile are never overwritten. Such a row
 * is met again in the next pass; passes go on until one finds nothing of an older key that opens.
 */
import type { SealStore } from '../store/seal-store.ts';
import type { Vault } from '../vault/vault.ts';
import type { RotateOptions, Rotation } from './hub-keys.ts';
import { keyIdOf, opened, type StoredSeal, storedSeals } from './survey-seals.ts';

/** More than a few mean that somebody goes on sealing with an older key. */
const MAX_PASSES = 5;

type Step = 'resealed' | 'newest' | 'unreadable' | 'left';

export async function rotateKeys(
  { store, vault }: { store: SealStore; vault: Vault },
  { signal, onProgress }: RotateOptions = {},
): Promise<Rotation> {
  vault.sealWith(vault.newestKeyId);
  const newestKeyId = vault.newestKeyId;
  let resealed = 0;
  for (let pass = 1; ; pass += 1) {
    const seen = { resealed: 0, newest: 0, unreadable: 0, left: 0 };
    let rows = 0;
    for await (const page of storedSeals(store)) {
      signal?.throwIfAborted();
      // Writes of one turn share a commit.
      for (const step of await Promise.all(page.map((each) => reseal(store, vault, each)))) seen[step] += 1;
      rows += page.length;
      onProgress?.(rows);
    }
    resealed += seen.resealed;
    const isDone = seen.resealed === 0 && seen.left === 0;
    if (isDone || pass === MAX_PASSES) {
      return { newestKeyId, rows, resealed, unreadable: seen.unreadable, left: seen.left };
    }
  }
}

async function reseal(store: SealStore, vault: Vault, { row, seal }: StoredSeal): Promise<Step> {
  const keyId = keyIdOf(vault, seal);
  const secret = opened(vault, seal);
  if (secret === null || seal.binding === null) return 'unreadable';
  if (keyId === vault.newestKeyId) return 'newest';
  const next = seal.with(vault.seal(secret, seal.binding));
  return (await store.replaceSealed(row, next)) ? 'resealed' : 'left';
}
