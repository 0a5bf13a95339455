import { HubError } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { ask, newDatabase, serverUrl } from './own-databases.test-support.ts';
import { postgresError } from './postgres-error.ts';

const server = await serverUrl();
if (server === null) console.warn('skipped: errors of a real PostgreSQL; there is none here.');

const refusalOf = (url: string) =>
  plugin.open(optionsFor(url)).then(
    () => null,
    (error: HubError) => error,
  );

describe('what goes wrong with PostgreSQL', () => {
  it('is told in words of ours, and never quotes the password', async () => {
    const refusal = await refusalOf('postgres://coach:s3cret@127.0.0.1:1/coach');
    expect(refusal).toMatchObject({ code: 'busy', what: 'The database does not answer.' });
    expect(JSON.stringify({ ...refusal, message: refusal?.message })).not.toContain('s3cret');
    expect(await refusalOf('postgres://coach:s3/cret@127.0.0.1/coach')).toMatchObject({ code: 'config_invalid' });
  });

  it('is left as it is where it comes from elsewhere', () => {
    const own = new HubError('not_found', { what: 'a', why: 'b', fix: 'c' });
    const other = new RangeError('a connection that was ended');
    expect([postgresError(own), postgresError(other)]).toEqual([own, other]);
  });
});

describe.skipIf(server === null)('a database', () => {
  it('that is not there, or that the user may not make tables in, is a wrong setting', {
    timeout: 20_000,
  }, async () => {
    const missing = new URL(server!);
    missing.pathname = '/no_such_database';
    expect(await refusalOf(missing.href)).toMatchObject({ code: 'config_invalid' });

    const { url, drop } = await newDatabase(server!);
    onTestFinished(drop);
    const role = `coach_guest_${process.pid}`;
    await ask(url, `create role ${role} login; revoke create on schema public from public;`);
    onTestFinished(() => ask(server!, `drop role ${role}`));
    const guest = new URL(url);
    guest.username = role;
    const { store, close } = await plugin.open(optionsFor(guest.href));
    onTestFinished(close);
    await expect(store.migrate()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
