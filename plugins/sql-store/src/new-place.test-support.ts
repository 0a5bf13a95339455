import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorePlace } from '@coach-hub/core/conformance';
import { plugin } from './index.ts';

/** A data folder of its own for each law. */
export async function newPlace(): Promise<StorePlace & { url: string }> {
  const url = mkdtempSync(join(tmpdir(), 'coach-store-'));
  return {
    url,
    async open(options) {
      const opened = await plugin.open({ url, ...options });
      await opened.store.migrate();
      return opened;
    },
    async remove() {
      rmSync(url, { recursive: true });
    },
  };
}
