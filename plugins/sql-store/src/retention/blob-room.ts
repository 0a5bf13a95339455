import { type DiskUse, INBOX_OWNER, type RoomTaken } from '@coach-hub/core';
import type { LargeBlobs } from '../blobs/large-blobs.ts';
import type { Database } from '../database/database.ts';
import type { Params } from '../database/statement.ts';

export interface BlobRoomDeps {
  database: Database;
  large: LargeBlobs;
}

/** Room taken by bodies that wait in the inbox and by what belongs to athletes, wherever it lies. */
export function blobRoom({ database, large }: BlobRoomDeps): () => Promise<DiskUse['blobs']> {
  const inRows = database.prepare((db, p: Params<{ inbox: string }>) =>
    db
      .selectFrom('blob')
      .select((q) => [
        q('athlete_id', '=', p.inbox).as('isInbox'),
        q.fn.countAll<number>().as('count'),
        q.fn.sum<number>('bytes').as('bytes'),
      ])
      .groupBy('isInbox'),
  );

  return async () => {
    const rows = await database.read(inRows.all({ inbox: INBOX_OWNER }));
    const ofRows = (isInbox: boolean): RoomTaken => {
      const row = rows.find((each) => Boolean(each.isInbox) === isInbox);
      return { count: row?.count ?? 0, bytes: row?.bytes ?? 0 };
    };
    const inbox = await large.usageOf(INBOX_OWNER);
    const all = await large.usage();
    return {
      inbox: sum(ofRows(true), { count: inbox.blobs, bytes: inbox.bytes }),
      athletes: sum(ofRows(false), { count: all.blobs - inbox.blobs, bytes: all.bytes - inbox.bytes }),
    };
  };
}

function sum(a: RoomTaken, b: RoomTaken): RoomTaken {
  return { count: a.count + b.count, bytes: a.bytes + b.bytes };
}
