import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testHub } from './connect.test-support.ts';
import { type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';
import { openTokens } from './token-set.ts';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

describe('disconnecting', () => {
  it('takes the tokens out at once, then ends the authorisation at the provider', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const view = await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    expect(view.state).toBe('disconnected');
    expect(hub.store.rows.get(connectionId)).toMatchObject({
      sealedTokens: null,
      tokenExpiresAtMs: null,
      generation: 2,
    });
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect(vendor.calls['DELETE /registration']).toBe(1);
    expect(hub.store.audits.map(({ action }) => action)).toEqual([
      'connection_connected',
      'connection_disconnected',
      'provider_told',
    ]);
    expect(hub.withdrawn).toEqual([]);
  });

  it('holds no token in the open while the provider is not told yet', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    const tokens = openTokens(hub.vault, row)!;
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId: row.connectionId, erase: false });
    const stored = JSON.stringify([hub.queue.jobs, [...hub.store.rows.values()]]);
    for (const token of [tokens.accessToken, tokens.refreshToken!]) expect(stored).not.toContain(token);
  });

  it('is told the provider with fresh tokens when the old ones have run out meanwhile', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    hub.clock.ms += 7_200_000;
    vendor.fault = ({ url }, response) => url === '/registration' && Boolean(response.writeHead(503).end());
    // The first attempt spends the refresh token, so the next one must go on with the new tokens.
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    vendor.fault = () => false;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect([vendor.calls['DELETE /registration'], vendor.calls['POST /token']]).toEqual([2, 2]);
  });

  it('is audited when the provider cannot be told to the end', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    vendor.fault = ({ url }, response) => url === '/registration' && Boolean(response.writeHead(503).end());
    const [job] = hub.queue.jobs;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([expect.any(Error)]);
    hub.queue.jobs.push(job!);
    expect(await hub.queue.run(hub.connect.jobs, 8)).toEqual(['done']);
    expect(hub.store.audits.at(-1)).toMatchObject({ action: 'provider_not_told', params: { connectionId } });
  });

  it('with erase withdraws what the connection said, and does so again when that failed', async () => {
    let fails = true;
    const erased: number[] = [];
    const hub = testHub(vendor, {
      async withdraw({ generation }) {
        if (fails) throw new Error('database busy');
        erased.push(generation);
      },
    });
    const { connectionId } = await hub.connectAs('ann');
    const view = await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true });
    expect(view.state).toBe('disconnected');
    fails = false;
    await hub.queue.run(hub.connect.jobs);
    expect(erased).toEqual([2]);
  });

  it('erases where the provider’s terms demand it', async () => {
    const hub = testHub(vendor, { deleteOnDisconnect: true });
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.queue.run(hub.connect.jobs);
    expect(hub.withdrawn.map((row) => row.connectionId)).toEqual([connectionId]);
  });

  it('does not end the new authorisation of an athlete who connected again', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.connectAs('ann');
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
  });

  it('loses nothing to a crash between the job and the write: the job finds nothing to do', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const save = hub.store.saveConnection;
    hub.store.saveConnection = async () => {
      throw new Error('killed');
    };
    await expect(hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true })).rejects.toThrow(
      'killed',
    );
    hub.store.saveConnection = save;
    hub.clock.ms += 60_000;
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect([hub.withdrawn, hub.store.rows.get(connectionId)?.state]).toEqual([[], 'connected']);
  });

  it('loses nothing to a crash after the write either: the job goes on by itself', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const audit = hub.store.audit;
    hub.store.audit = async () => {
      throw new Error('killed');
    };
    await expect(hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true })).rejects.toThrow(
      'killed',
    );
    hub.store.audit = audit;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([]);
    hub.clock.ms += 60_000;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect([vendor.calls['DELETE /registration'], hub.withdrawn.length]).toEqual([1, 1]);
  });

  it('works when the key of the tokens is lost: an athlete is never kept connected', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    hub.store.rows.set(row.connectionId, { ...row, sealedTokens: 'v1.lost.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA' });
    const view = await hub.connect.service.disconnect({
      athleteId: 'ann',
      connectionId: row.connectionId,
      erase: false,
    });
    expect([view.state, hub.store.rows.get(row.connectionId)?.sealedTokens]).toEqual(['disconnected', null]);
  });

  it('waits where the provider’s budget is used up, which is no failed attempt', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    vendor.fault = ({ url }, response) =>
      url === '/registration' && Boolean(response.writeHead(429, { 'retry-after': '600' }).end());
    const [job] = hub.queue.jobs;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([expect.any(Error)]);
    hub.queue.jobs.push(job!);
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([{ postponeUntilMs: hub.clock.ms + 600_000 }]);
    expect(vendor.calls['DELETE /registration']).toBe(1);
  });

  it('is for the athlete alone, and may be repeated', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const by = (athleteId: string) => hub.connect.service.disconnect({ athleteId, connectionId, erase: false });
    await expect(by('bob')).rejects.toMatchObject({ code: 'connection_unknown' });
    await by('ann');
    expect((await by('ann')).state).toBe('disconnected');
    expect(hub.store.rows.get(connectionId)?.generation).toBe(2);
  });
});
