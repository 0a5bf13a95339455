/**
 * What a finished backup holds of each client is durable: phones may let go of it, since a restore of this backup brings it
 * back. Told to the hub's database after the backup is complete.
 */
import type { Log } from '@coach-hub/core';
import type { Sqlite } from '../sqlite/open-sqlite.ts';
import { openForWriting } from '../sqlite/open-sqlite.ts';

export interface Held {
  /** A hub that was restored meanwhile counts seqs anew. */
  epoch: string | null;
  clients: { clientId: string; ackSeq: number }[];
}

/** In the instant that is backed up. */
export function heldIn(source: Sqlite): Held {
  const epoch = source.prepare<[], string>('select epoch from server where one = 1').pluck().get() ?? null;
  const clients = source
    .prepare<[], Held['clients'][number]>(
      'select client_id as clientId, ack_seq as ackSeq from client where ack_seq > 0',
    )
    .all();
  return { epoch, clients };
}

/** Only spares phones what they keep: where the database is busy, the next backup does it. */
export function markDurable(database: string, { epoch, clients }: Held, log: Log): void {
  try {
    const sqlite = openForWriting(database);
    try {
      const present = sqlite.prepare<[], string>('select epoch from server where one = 1').pluck();
      const mark = sqlite.prepare('update client set durable_seq = ? where client_id = ? and durable_seq < ?');
      sqlite
        .transaction(() => {
          if ((present.get() ?? null) !== epoch) return;
          for (const { clientId, ackSeq } of clients) mark.run(ackSeq, clientId, ackSeq);
        })
        .immediate();
    } finally {
      sqlite.close();
    }
  } catch (error) {
    log.warn('phones could not be told what this backup holds', { error: String(error) });
  }
}
