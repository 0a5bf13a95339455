/** Learns how far the phone's clock is off, and takes back stamps it gave out in the future. */
import { MAX_STAMP_AHEAD_MS } from '@coach-hub/core/wire';
import type { Tx } from '../local/database.ts';
import { type Meta, saveMeta } from '../local/meta.ts';
import { stampMs } from '../local/stamp.ts';

/** The phone's time when the request left and when the answer was there. */
export interface RoundTrip {
  sentMs: number;
  receivedMs: number;
}

export async function learnClock(tx: Tx, meta: Meta, serverTime: string, trip: RoundTrip): Promise<void> {
  const serverMs = Date.parse(serverTime);
  if (Number.isNaN(serverMs)) return;
  const clockOffsetMs = Math.round(serverMs - (trip.sentMs + trip.receivedMs) / 2);
  await saveMeta(tx.sql, meta, { clockOffsetMs });
  if (stampMs(meta.stamp) > serverMs + MAX_STAMP_AHEAD_MS) await restamp(tx, meta, serverMs);
}

/**
 * A phone that was days ahead must not stay ahead for good. The hub replaces such stamps by the time it receives
 * them; entries it has not seen are stamped anew, so that they do not beat what the athlete writes after them.
 */
async function restamp(tx: Tx, meta: Meta, serverMs: number): Promise<void> {
  await tx.sql.run(
    `UPDATE outbox SET body = json_set(body, '$.stamp', printf('%d:%04x', ?, (pos - (SELECT min(pos) FROM outbox)) & 65535))
     WHERE body->>'id' IS NULL AND CAST(body->>'stamp' AS INTEGER) > ?`,
    [serverMs, serverMs],
  );
  await saveMeta(tx.sql, meta, { stamp: `${serverMs}:ffff` });
}
