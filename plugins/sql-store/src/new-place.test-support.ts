import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorePlace } from '@coach-hub/core/conformance';
import { plugin } from './index.ts';
import { newDatabase, serverUrl } from './postgres/own-databases.test-support.ts';

export type Place = StorePlace & { url: string };

/** A data folder of its own for each law. */
export async function newFolder(): Promise<Place> {
  const url = mkdtempSync(join(tmpdir(), 'coach-store-'));
  return placeAt(url, async () => rmSync(url, { recursive: true }));
}

/** A PostgreSQL database of its own for each law. */
export async function newPostgres(): Promise<Place> {
  const { url, drop } = await newDatabase((await serverUrl())!);
  return placeAt(url, drop);
}

export interface Kind {
  name: string;
  newPlace: () => Promise<Place>;
}

const SQLITE: Kind = { name: 'SQLite', newPlace: newFolder };

/** The kinds of database that can be tried on this machine. */
export async function kindsHere(): Promise<Kind[]> {
  if ((await serverUrl()) !== null) return [SQLITE, { name: 'PostgreSQL', newPlace: newPostgres }];
  console.warn(`skipped: PostgreSQL; none is packaged for ${process.platform}-${process.arch}. Set TEST_DATABASE_URL.`);
  return [SQLITE];
}

function placeAt(url: string, remove: () => Promise<void>): Place {
  return {
    url,
    async open(options) {
      const opened = await plugin.open({ url, ...options });
      await opened.store.migrate();
      return opened;
    },
    remove,
  };
}
