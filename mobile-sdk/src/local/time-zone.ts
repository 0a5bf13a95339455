/** Tells the hub where the athlete is, because a local day depends on it. */
import type { Platform } from '../platform.ts';
import type { LocalDatabase, Tx } from './database.ts';
import { loadMeta, saveMeta } from './meta.ts';
import { readOne } from './read.ts';
import { write } from './write.ts';

/**
 * Writes `profile.timeZone` when the phone's zone is not the one the profile holds.
 *
 * Only a zone this phone has not reported yet is written: a tablet at home and a phone on a journey would otherwise
 * overwrite each other at every sync. It is no edit of the athlete's, so when it fails (the queue is full) it waits
 * for the next sync.
 */
export async function reportTimeZone(local: LocalDatabase, platform: Platform): Promise<void> {
  const timeZone = platform.timeZone();
  if (timeZone !== null) await local.write((tx) => writeTimeZone(tx, platform, timeZone)).catch(() => undefined);
}

async function writeTimeZone(tx: Tx, platform: Platform, timeZone: string): Promise<void> {
  const meta = await loadMeta(tx.sql);
  if (timeZone === meta.timeZone) return;
  const profile = await readOne(tx.sql, 'profile', 'profile');
  if (profile?.data.timeZone !== timeZone) {
    await write(tx, platform, { kind: 'profile', id: 'profile', op: 'put', fields: { timeZone } });
  }
  await saveMeta(tx.sql, meta, { timeZone });
}
