import { HubError } from '../error/hub-error.ts';
import type { HubConfig } from './config.ts';

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/./i;

/** What a store plugin is asked to open. @throws HubError `config_invalid`, which never quotes the address: it may hold a password. */
export function databaseUrl({ db, data }: Pick<HubConfig, 'db' | 'data'>): string {
  if (db === null) return data;
  if (ADDRESS.test(db)) return db;
  throw new HubError('config_invalid', {
    what: 'The address of the database cannot be read.',
    why: '"db" (--db, COACH_DB) is not written as SCHEME://….',
    fix: 'Write postgres://USER@HOST:PORT/DATABASE. For SQLite leave it out, and name the folder with "data".',
  });
}
