/** Every kind by the same words. Each call is one local transaction: the row and its outbox entry. */
import type { Kind, MutationOp } from '@coach-hub/core/wire';
import type { LocalDatabase } from './local/database.ts';
import type { Fields } from './local/fields.ts';
import { type CoachObject, type Range, readList, readOne } from './local/read.ts';

/** Reading and writing any kind. Writes resolve when they are on disk, and are sent by the next sync. */
export interface Objects {
  /** Also by an id the object had before it was joined with another. */
  get(kind: Kind, id: string): Promise<CoachObject | null>;
  /** Newest day first. */
  list(kind: Kind, range?: Range): Promise<CoachObject[]>;
  /** Creates the object, or sets the fields where it exists. Ids made by an app must be random. */
  put(kind: Kind, id: string, fields: Fields): Promise<void>;
  /** Sets fields; null clears one. */
  patch(kind: Kind, id: string, fields: Fields): Promise<void>;
  delete(kind: Kind, id: string): Promise<void>;
  /** Undoes a delete. One that has been synced shows again after the next sync. */
  restore(kind: Kind, id: string): Promise<void>;
  /** Insists on values against a device's, where a field allows it (treadmill distance); null withdraws one. */
  override(kind: Kind, id: string, fields: Fields): Promise<void>;
}

/** The writing half of `Objects`, inside of one local transaction. */
export type Writes = Pick<Objects, 'put' | 'patch' | 'delete' | 'restore' | 'override'>;

export type WriteObject = (kind: Kind, id: string, op: MutationOp, fields?: Fields) => Promise<void>;

export function createObjects(local: LocalDatabase, write: WriteObject): Objects {
  return {
    get: (kind, id) => local.read((sql) => readOne(sql, kind, id)),
    list: (kind, range) => local.read((sql) => readList(sql, kind, range)),
    ...createWrites(write),
  };
}

export function createWrites(write: WriteObject): Writes {
  return {
    put: (kind, id, fields) => write(kind, id, 'put', fields),
    patch: (kind, id, fields) => write(kind, id, 'patch', fields),
    delete: (kind, id) => write(kind, id, 'delete'),
    restore: (kind, id) => write(kind, id, 'restore'),
    override: (kind, id, fields) => write(kind, id, 'override', fields),
  };
}
