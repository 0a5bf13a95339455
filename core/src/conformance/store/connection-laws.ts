/** What every store owes to connections, consents, leases and the audit trail. */
import assert from 'node:assert/strict';
import type { AuditEntry, ConnectAttempt } from '../../store/connection-store.ts';
import type { Law } from '../law.ts';
import { ATHLETE, connection, OTHER_ATHLETE } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function connectionLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) => lawIn(newPlace, `connection: ${name}`, body);

  return [
    law('a connection is kept as it is', async ({ store, reopen }) => {
      const row = connection({ permissions: ['A', 'B'], reason: 'connection_revoked', identity: null });
      await store.saveConnection(row, null);
      assert.deepEqual(await (await reopen()).store.connection('con_1'), row);
    }),

    law('a connection is saved only over the generation that was seen', async ({ store }) => {
      assert.equal(await store.saveConnection(connection(), 1), false);
      assert.equal(await store.saveConnection(connection(), null), true);
      assert.equal(await store.saveConnection(connection({ reason: 'again' }), null), false);
      assert.equal(await store.saveConnection(connection({ generation: 2, state: 'disconnected' }), 1), true);
      assert.equal(await store.saveConnection(connection({ generation: 2, reason: 'late' }), 1), false);
      const stored = await store.connection('con_1');
      assert.deepEqual([stored?.generation, stored?.state, stored?.reason], [2, 'disconnected', null]);
      assert.equal(await store.connection('con_none'), null);
    }),

    law('an identity leads to every athlete connected with it', async ({ store }) => {
      const rows = [
        connection(),
        connection({ connectionId: 'con_2', athleteId: OTHER_ATHLETE }),
        connection({ connectionId: 'con_3', state: 'disconnected' }),
        connection({ connectionId: 'con_4', identity: 'somebody-else' }),
        connection({ connectionId: 'con_5', plugin: 'pedal' }),
      ];
      for (const row of rows) await store.saveConnection(row, null);
      const ids = (found: { connectionId: string }[]) => found.map(({ connectionId }) => connectionId).sort();
      assert.deepEqual(ids(await store.connectionsByIdentity('stride', 'stride-user')), ['con_1', 'con_2']);
      assert.deepEqual(ids(await store.connectionsOf(ATHLETE)), ['con_1', 'con_3', 'con_4', 'con_5']);
    }),

    law('swapping tokens succeeds for one of two racers', async ({ store, openBeside }) => {
      await store.saveConnection(connection({ sealedTokens: 'old' }), null);
      const beside = await openBeside();
      const swaps = await Promise.all([
        store.swapTokens('con_1', 1, 'old', { sealedTokens: 'mine', tokenExpiresAtMs: 1 }),
        beside.store.swapTokens('con_1', 1, 'old', { sealedTokens: 'theirs', tokenExpiresAtMs: 2 }),
      ]);
      assert.deepEqual([...swaps].sort(), [false, true]);
      const winner = swaps[0] ? 'mine' : 'theirs';
      assert.equal((await store.connection('con_1'))?.sealedTokens, winner);
    }),

    law('tokens of an older generation are not swapped in', async ({ store }) => {
      await store.saveConnection(connection({ sealedTokens: 'old' }), null);
      await store.saveConnection(connection({ sealedTokens: null, generation: 2 }), 1);
      const next = { sealedTokens: 'new', tokenExpiresAtMs: 5 };
      assert.equal(await store.swapTokens('con_1', 1, 'old', next), false);
      assert.equal(await store.swapTokens('con_1', 1, null, next), false);
      assert.equal(await store.swapTokens('con_1', 2, 'old', next), false);
      assert.equal((await store.connection('con_1'))?.sealedTokens, null);
      assert.equal(await store.swapTokens('con_1', 2, null, next), true);
      const stored = await store.connection('con_1');
      assert.deepEqual([stored?.sealedTokens, stored?.tokenExpiresAtMs], ['new', 5]);
    }),

    law('a connect attempt can be taken once', async ({ store, openBeside }) => {
      const attempt = consent();
      await store.saveAttempt(attempt);
      const beside = await openBeside();
      const taken = await Promise.all([store.takeAttempt('state', 50), beside.store.takeAttempt('state', 50)]);
      assert.deepEqual(
        taken.filter((each) => each !== null),
        [attempt],
      );
      assert.equal(await store.takeAttempt('state', 50), null);
    }),

    law('a connect attempt can be looked at before it is taken, until it expires', async ({ store }) => {
      await store.saveAttempt(consent());
      assert.deepEqual(await store.peekAttempt('state', 50), consent());
      assert.equal(await store.peekAttempt('state', 100), null);
      assert.equal(await store.peekAttempt('other', 50), null);
      assert.deepEqual(await store.takeAttempt('state', 50), consent());
      assert.equal(await store.peekAttempt('state', 50), null);
    }),

    law('an expired attempt is removed and not given out', async ({ store }) => {
      await store.saveAttempt(consent());
      await store.saveAttempt(consent({ stateSha256: 'fresh', expiresAtMs: 500 }));
      assert.equal(await store.takeAttempt('state', 100), null);
      assert.equal(await store.takeAttempt('state', 50), null);
      assert.equal((await store.takeAttempt('fresh', 100))?.stateSha256, 'fresh');
    }),

    law('a lease has one owner until it ends', async ({ store, openBeside }) => {
      const beside = (await openBeside()).store;
      assert.equal(await store.acquireLease('refresh', 'me', 100, 0), true);
      assert.equal(await beside.acquireLease('refresh', 'you', 150, 50), false);
      assert.equal(await store.acquireLease('refresh', 'me', 200, 50), true);
      assert.equal(await beside.acquireLease('refresh', 'you', 250, 150), false);
      assert.equal(await beside.acquireLease('other', 'you', 250, 150), true);
      assert.equal(await beside.acquireLease('refresh', 'you', 300, 200), true);
      await store.releaseLease('refresh', 'me');
      assert.equal(await store.acquireLease('refresh', 'me', 400, 210), false);
      await beside.releaseLease('refresh', 'you');
      assert.equal(await store.acquireLease('refresh', 'me', 400, 210), true);
    }),

    law('leases held now are found by how their names begin', async ({ store }) => {
      await store.acquireLease('keys:b', 'two', 200, 0);
      await store.acquireLease('keys:a', 'one', 100, 0);
      await store.acquireLease('keyring', 'other', 200, 0);
      assert.deepEqual(await store.leases('keys:', 50), [
        { name: 'keys:a', owner: 'one' },
        { name: 'keys:b', owner: 'two' },
      ]);
      assert.deepEqual(await store.leases('keys:', 100), [{ name: 'keys:b', owner: 'two' }]);
    }),

    law('the audit trail is read newest first', async ({ store }) => {
      const entry = (action: string, athleteId: string | null): AuditEntry => ({
        atMs: 1,
        athleteId,
        actor: 'admin',
        action,
        params: { connectionId: 'con_1', count: 2, forced: true, reason: null },
      });
      const written = [entry('connect', ATHLETE), entry('erase', OTHER_ATHLETE), entry('erase', ATHLETE)];
      for (const each of written) await store.audit(each);
      await store.audit(entry('rotate', null));
      const { 0: connected, 1: erasedOther, 2: erased } = written;
      assert.deepEqual(await store.auditOf({ athleteId: ATHLETE, limit: 10 }), [erased, connected]);
      assert.deepEqual(await store.auditOf({ action: 'erase', limit: 10 }), [erased, erasedOther]);
      assert.deepEqual(await store.auditOf({ action: 'erase', athleteId: ATHLETE, limit: 10 }), [erased]);
      assert.deepEqual(await store.auditOf({ limit: 1 }), [entry('rotate', null)]);
    }),
  ];
}

function consent(over: Partial<ConnectAttempt> = {}): ConnectAttempt {
  return {
    stateSha256: 'state',
    athleteId: ATHLETE,
    clientId: 'c_1',
    plugin: 'stride',
    connectionId: 'con_1',
    sealedVerifier: 'sealed',
    redirectUri: 'https://hub.example/v1/connections/callback',
    returnUrl: null,
    expiresAtMs: 100,
    ...over,
  };
}
