import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testHub } from './connect.test-support.ts';
import { type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';
import { openTokens } from './token-set.ts';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

describe('a notice of the provider', () => {
  it('that the account is deauthorised ends every connection of it, once', async () => {
    const hub = testHub(vendor);
    await hub.connectAs('ann');
    await hub.connectAs('bob');
    await hub.connect.deauthorised('stride', 'runner-1');
    await hub.connect.deauthorised('stride', 'runner-1');
    await hub.connect.deauthorised('stride', 'nobody');
    expect([...hub.store.rows.values()]).toMatchObject([
      { state: 'revoked', reason: 'connection_revoked', generation: 2, sealedTokens: null },
      { state: 'revoked', reason: 'connection_revoked', generation: 2, sealedTokens: null },
    ]);
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect(hub.store.audits.filter(({ action }) => action === 'connection_revoked')).toHaveLength(2);
  });

  it('that comes after our own disconnect changes nothing', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.connect.deauthorised('stride', 'runner-1');
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'disconnected', generation: 2 });
  });

  it('of permissions is the full new set, and keeps generation and tokens', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    await hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']);
    await hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']);
    expect(hub.store.rows.get(row.connectionId)).toEqual({ ...row, permissions: ['SLEEP'] });
    expect((await hub.connect.service.list('ann'))[0]?.streams).toEqual({
      runs: 'missing',
      sleep: 'granted',
      profile: 'granted',
    });
    expect(hub.store.audits.filter(({ action }) => action === 'permissions_changed')).toHaveLength(1);
  });

  it('of permissions during a refresh does not bring the old tokens back', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    hub.clock.ms += 3_600_000;
    const [token] = await Promise.all([
      hub.tokens.accessToken(row.connectionId, 1),
      hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']),
    ]);
    const now = hub.store.rows.get(row.connectionId)!;
    expect([openTokens(hub.vault, now)?.accessToken, now.permissions]).toEqual([token, ['SLEEP']]);
  });
});
