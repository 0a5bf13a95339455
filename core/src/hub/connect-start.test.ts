import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConnection, testHub } from './connect.test-support.ts';
import { CALLBACK, type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

describe('starting to connect an account', () => {
  it('begins with an address for the browser, bound by state and PKCE', async () => {
    const hub = testHub(vendor);
    const { authorizeUrl, connectionId, expiresAt } = await startConnection(hub);
    const url = new URL(authorizeUrl);
    expect(url.origin + url.pathname).toBe(`${vendor.url}/auth`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'stride-app',
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(Date.parse(expiresAt) - hub.clock.ms).toBe(600_000);
    expect(JSON.stringify([...hub.store.attempts.values()])).not.toContain(url.searchParams.get('state'));
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'pending', generation: 0, sealedTokens: null });
  });

  it('is not given out without publicUrl, or for an address the app may not be sent to', async () => {
    await expect(startConnection(testHub(vendor, { publicUrl: null }))).rejects.toMatchObject({
      code: 'public_url_required',
    });
    await expect(startConnection(testHub(vendor), 'ann', 'https://evil.test/')).rejects.toMatchObject({
      code: 'return_url_not_allowed',
    });
  });

  it('is not finished in a browser where the hub is not on this machine', async () => {
    const away = testHub(vendor, { publicUrl: 'https://hub.example' });
    await expect(startConnection(away)).rejects.toMatchObject({ code: 'return_url_not_allowed' });
    for (const publicUrl of ['http://localhost:4270', 'http://127.0.0.1:4270', 'http://[::1]:4270']) {
      await expect(startConnection(testHub(vendor, { publicUrl }))).resolves.toBeDefined();
    }
  });

  it('names an address of the app where there are any, so that nobody else can be sent to finish it', async () => {
    const hub = testHub(vendor, { returnUrls: ['coachapp://connected'] });
    await expect(startConnection(hub, 'ann', null)).rejects.toMatchObject({ code: 'return_url_not_allowed' });
    expect(hub.store.rows.size).toBe(0);
    await expect(startConnection(hub, 'ann', 'coachapp://connected/stride')).resolves.toBeDefined();
  });
});
