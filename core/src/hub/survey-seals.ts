/** Which keys seal how much, and whether it opens. */
import { setImmediate } from 'node:timers/promises';
import { HubError } from '../error/hub-error.ts';
import { SEAL_PLACES, type SealedRow, type SealStore } from '../store/seal-store.ts';
import type { Vault } from '../vault/vault.ts';
import type { KeyUse } from './hub-keys.ts';
import { type Seal, sealOf } from './seal-of.ts';

const PAGE_ROWS = 200;

export interface StoredSeal {
  row: SealedRow;
  seal: Seal;
}

/** Every sealed text of a store, page by page. */
export async function* storedSeals(store: SealStore): AsyncGenerator<StoredSeal[]> {
  for (const place of SEAL_PLACES) {
    let afterId: string | null = null;
    for (;;) {
      const rows: SealedRow[] = await store.sealedRows(place, afterId, PAGE_ROWS);
      if (rows.length === 0) break;
      afterId = rows.at(-1)?.id ?? null;
      // Opening is work of a processor, and requests may be waiting.
      await setImmediate();
      yield rows.flatMap((row) => {
        const seal = sealOf(row);
        return seal === null ? [] : [{ row, seal }];
      });
    }
  }
}

export async function surveySeals(store: SealStore, vault: Vault): Promise<KeyUse[]> {
  const uses = new Map<string | null, KeyUse>();
  const useOf = (keyId: string | null): KeyUse => {
    const place = keyId === null ? -1 : vault.keyIds.indexOf(keyId);
    const use = uses.get(keyId) ?? {
      keyId,
      isKnown: place >= 0,
      place: place < 0 ? null : place,
      rows: 0,
      unreadable: 0,
      byPlace: {},
    };
    uses.set(keyId, use);
    return use;
  };
  for (const keyId of vault.keyIds) useOf(keyId);
  for await (const page of storedSeals(store)) {
    for (const { row, seal } of page) {
      const use = useOf(keyIdOf(vault, seal));
      use.rows += 1;
      use.byPlace[row.place] = (use.byPlace[row.place] ?? 0) + 1;
      if (use.isKnown && opened(vault, seal) === null) use.unreadable += 1;
    }
  }
  return [...uses.values()];
}

export function keyIdOf(vault: Vault, { sealed }: Seal): string | null {
  return unlessUnreadable(() => vault.sealedWith(sealed));
}

/** The secret, or null when it does not open. */
export function opened(vault: Vault, { sealed, binding }: Seal): string | null {
  return binding === null ? null : unlessUnreadable(() => vault.open(sealed, binding));
}

function unlessUnreadable(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof HubError && error.code === 'vault_unreadable') return null;
    throw error;
  }
}
