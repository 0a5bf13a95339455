/** Which blobs a database names. */
import { type BlobKey, INBOX_OWNER, namedInState } from '@coach-hub/core';
import type { Sqlite } from '../sqlite/open-sqlite.ts';

type Named = { athleteId: string; sha256: string };

const IN_ROWS = `
  select ? as athleteId, blob_sha256 as sha256 from delivery where blob_sha256 is not null
  union select ?, blob_sha256 from dead_letter where blob_sha256 is not null
  union select athlete_id, blob_sha256 from envelope where blob_sha256 is not null`;

const STATES = `
  select object.athlete_id as athleteId, object_state.state
  from object_state join object on object.oid = object_state.oid
  where instr(object_state.state, '"sha256":"') > 0`;

/**
 * Every blob that must be a file: what rows and claims name, without what lies in the database itself. One may come
 * several times.
 */
export function* namedFiles(sqlite: Sqlite): Generator<BlobKey> {
  const inDatabase = sqlite.prepare('select 1 from blob where athlete_id = ? and sha256 = ?').pluck();
  for (const key of namedBlobs(sqlite)) {
    if (inDatabase.get(key.athleteId, key.sha256) === undefined) yield key;
  }
}

function* namedBlobs(sqlite: Sqlite): Generator<BlobKey> {
  yield* sqlite.prepare(IN_ROWS).iterate(INBOX_OWNER, INBOX_OWNER) as IterableIterator<Named>;
  const states = sqlite.prepare(STATES).iterate() as IterableIterator<{ athleteId: string; state: string }>;
  for (const { athleteId, state } of states) {
    for (const sha256 of namedInState(state)) yield { athleteId, sha256 };
  }
}
