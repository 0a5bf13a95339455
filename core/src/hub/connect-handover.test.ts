import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConnection, testHub } from './connect.test-support.ts';
import { type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';

const APP = 'coachapp://connected/stride';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

/** Up to the app: it has code and state, and nothing is connected. */
async function handedOver(clientId: string | null = 'phone') {
  const hub = testHub(vendor, { returnUrls: ['coachapp://connected'] });
  const { authorizeUrl, connectionId } = await startConnection(hub, 'ann', APP, clientId);
  const query = await vendor.consent(authorizeUrl);
  const redirect = await hub.connect.service.callback('stride', query);
  const finish = (athleteId: string, from: string | null) =>
    hub.connect.service.finish({
      athleteId,
      clientId: from,
      provider: 'stride',
      code: query.code ?? '',
      state: query.state ?? '',
    });
  return { hub, connectionId, query, redirect, finish };
}

describe('the redirect where an app waits', () => {
  it('goes on to the app, connects nothing and spends nothing', async () => {
    const { hub, connectionId, query, redirect } = await handedOver();
    const toApp = { type: 'to_app', returnUrl: APP, code: query.code, state: query.state };
    expect(redirect).toEqual(toApp);
    expect(await hub.connect.service.callback('stride', query)).toEqual(toApp);
    expect(vendor.calls['POST /token']).toBeUndefined();
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'pending', sealedTokens: null });
  });

  it('goes nowhere with a state that nobody gave out, has expired, or is another provider’s', async () => {
    const { hub, query } = await handedOver();
    const invalid = { code: 'state_invalid', details: { returnUrl: null } };
    await expect(hub.connect.service.callback('stride', { ...query, state: 'made-up' })).rejects.toMatchObject(invalid);
    await expect(hub.connect.service.callback('other', query)).rejects.toMatchObject(invalid);
    const late = await handedOver();
    late.hub.clock.ms += 600_000;
    await expect(late.hub.connect.service.callback('stride', late.query)).rejects.toMatchObject(invalid);
  });

  it('goes nowhere that is no longer on the allow list', async () => {
    const { hub, query } = await handedOver();
    for (const [key, attempt] of hub.store.attempts)
      hub.store.attempts.set(key, { ...attempt, returnUrl: 'https://gone.test/' });
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({
      code: 'return_url_not_allowed',
    });
  });
});

describe('finishing in the app', () => {
  it('connects the account to the athlete who started, once', async () => {
    const { connectionId, finish } = await handedOver();
    expect(await finish('ann', 'phone')).toMatchObject({ connectionId, state: 'connected' });
    await expect(finish('ann', 'phone')).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it.each([
    ['another athlete', 'mallory', 'phone'],
    ['another installation', 'ann', 'tablet'],
    ['no installation', 'ann', null],
  ])('is refused to %s before the code is used, and the state is spent', async (_, athleteId, from) => {
    const { hub, connectionId, finish } = await handedOver();
    await expect(finish(athleteId, from)).rejects.toMatchObject({ code: 'state_invalid' });
    await expect(finish('ann', 'phone')).rejects.toMatchObject({ code: 'state_invalid' });
    expect(vendor.calls['POST /token']).toBeUndefined();
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'pending', sealedTokens: null });
  });

  it('asks for no installation where the start named none', async () => {
    const { finish } = await handedOver(null);
    expect(await finish('ann', 'tablet')).toMatchObject({ state: 'connected' });
  });
});
