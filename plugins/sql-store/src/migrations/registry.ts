import type { Dialect } from '../database/dialect.ts';
import { athlete } from './0001-athlete.ts';
import { object } from './0002-object.ts';
import { alias } from './0003-alias.ts';
import { client } from './0004-client.ts';
import { inbox } from './0005-inbox.ts';
import { connection } from './0006-connection.ts';
import { job } from './0007-job.ts';
import { blob } from './0008-blob.ts';
import { retention } from './0009-retention.ts';
import { openLetters } from './0010-open-letters.ts';
import { sourcePriority } from './0011-source-priority.ts';
import { largeBlob } from './0012-large-blob.ts';
import { serverPlace } from './0013-server-place.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  athlete,
  object,
  alias,
  client,
  inbox,
  connection,
  job,
  blob,
  retention,
  openLetters,
  sourcePriority,
  largeBlob,
  serverPlace,
];

/** Those of one kind of database. */
export function migrationsOf(dialect: Dialect['name']): readonly Migration[] {
  return MIGRATIONS.filter(({ only }) => only === undefined || only === dialect);
}
