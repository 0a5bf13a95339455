import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedStore, type StoreOptions, silentLog } from '@coach-hub/core';
import { onTestFinished } from 'vitest';
import { plugin } from './index.ts';

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'coach-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function optionsFor(url: string, over: Partial<StoreOptions> = {}): StoreOptions {
  return { url, now: () => Date.UTC(2026, 2, 1), random: () => 0.5, log: silentLog, ...over };
}

/** Opened, migrated, and closed when the test ends. */
export async function openTemporary(over: Partial<StoreOptions> = {}): Promise<OpenedStore & { folder: string }> {
  const folder = temporaryFolder();
  const opened = await plugin.open(optionsFor(folder, over));
  onTestFinished(() => opened.close());
  await opened.store.migrate();
  return { ...opened, folder };
}
