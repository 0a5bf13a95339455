import { describe, expect, it } from 'vitest';
import { CALLBACK, connect, redeem, refresh, setStage } from './stage.test-support.ts';

const DAY_MS = 86_400_000;

describe('the consent page', () => {
  it('lets the athlete choose, and sends the browser back with code and state', async () => {
    const stage = await setStage();
    const html = await (await fetch(stage.authorizeUrl())).text();
    expect(html).toContain('name="permission" value="HISTORICAL_DATA_EXPORT"');
    expect(html).not.toMatch(/value="HISTORICAL_DATA_EXPORT"\s+checked/);
    const { redirectUrl } = await stage.garmin.act('consent', { url: stage.authorizeUrl(), follow: false });
    expect(redirectUrl).toMatch(
      /^http:\/\/127\.0\.0\.1:9\/v1\/connections\/callback\/garmin\?code=[0-9a-f]{40}&state=s-1$/,
    );
  });

  it('sends the browser back with a refusal when the athlete declines', async () => {
    const stage = await setStage();
    const { redirectUrl } = await stage.garmin.act('consent', {
      url: stage.authorizeUrl(),
      decision: 'decline',
      follow: false,
    });
    expect(redirectUrl).toBe(`${CALLBACK}?error=access_denied&state=s-1`);
  });

  it.each([
    ['another app', { client_id: 'other' }],
    ['no PKCE challenge', { code_challenge: '' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['no way back', { redirect_uri: '/here' }],
    ['the implicit flow', { response_type: 'token' }],
  ])('refuses %s', async (_what, query) => {
    const stage = await setStage();
    expect((await fetch(stage.authorizeUrl(query))).status).toBe(400);
  });

  it('shows what it was given as text, never as markup', async () => {
    const stage = await setStage();
    const html = await (await fetch(stage.authorizeUrl({ state: '"><script>alert(1)</script>' }))).text();
    expect(html).not.toContain('<script>');
  });
});

describe('the token endpoint', () => {
  it('gives a day of access and ninety days of refresh, in Garmin’s words', async () => {
    const stage = await setStage();
    const { redirectUrl } = await stage.garmin.act('consent', { url: stage.authorizeUrl(), follow: false });
    const answer = await redeem(stage, new URL(String(redirectUrl)).searchParams.get('code')!);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      expires_in: 86_400,
      token_type: 'bearer',
      refresh_token_expires_in: 7_775_998,
    });
  });

  it.each([
    ['a verifier that does not fit the challenge', { code_verifier: 'w'.repeat(64) }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect address', { redirect_uri: 'http://127.0.0.1:9/other' }],
    ['an unknown code', { code: 'ffff' }],
  ])('answers invalid_grant to %s', async (_what, form) => {
    const stage = await setStage();
    const { redirectUrl } = await stage.garmin.act('consent', { url: stage.authorizeUrl(), follow: false });
    const answer = await redeem(stage, new URL(String(redirectUrl)).searchParams.get('code')!, form);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('takes a code once', async () => {
    const stage = await setStage();
    const { code } = await connect(stage);
    expect((await redeem(stage, code)).status).toBe(400);
  });

  it('takes no code that waited too long', async () => {
    const stage = await setStage();
    const { redirectUrl } = await stage.garmin.act('consent', { url: stage.authorizeUrl(), follow: false });
    stage.clock.nowMs += 301_000;
    expect((await redeem(stage, new URL(String(redirectUrl)).searchParams.get('code')!)).status).toBe(400);
  });

  it('wants the credentials in the body', async () => {
    const stage = await setStage();
    const { clientId, clientSecret } = stage.garmin.pluginConfig;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const answer = await fetch(`${stage.garmin.url}/di-oauth2-service/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  });

  it('gives a new refresh token each time and takes none twice', async () => {
    const stage = await setStage();
    const { refreshToken } = await connect(stage);
    const first = await refresh(stage, refreshToken);
    const { refresh_token: second } = (await first.json()) as { refresh_token: string };
    expect(second).not.toBe(refreshToken);
    expect([(await refresh(stage, refreshToken)).status, (await refresh(stage, second)).status]).toEqual([400, 200]);
  });

  it('takes no refresh token after ninety days', async () => {
    const stage = await setStage();
    const { refreshToken } = await connect(stage);
    stage.clock.nowMs += 90 * DAY_MS;
    expect((await refresh(stage, refreshToken)).status).toBe(400);
  });
});

describe('the account', () => {
  it('is told by its token, for a day', async () => {
    const stage = await setStage();
    const { userId, accessToken } = await connect(stage);
    const ask = () => stage.get('/wellness-api/rest/user/id', accessToken);
    expect(await (await ask()).json()).toEqual({ userId });
    stage.clock.nowMs += DAY_MS;
    const late = await ask();
    expect([late.status, await late.json()]).toEqual([401, { errorMessage: 'Token is not active' }]);
  });

  it('keeps its id when the athlete consents again', async () => {
    const stage = await setStage();
    const { userId } = await connect(stage);
    expect((await connect(stage)).userId).toBe(userId);
  });

  it.each([
    ['array', ['ACTIVITY_EXPORT']],
    ['object', { permissions: ['ACTIVITY_EXPORT'] }],
    ['booleans', expect.objectContaining({ ACTIVITY_EXPORT: true, HEALTH_EXPORT: false })],
  ])('answers what it allows in the shape "%s"', async (permissionsShape, body) => {
    const stage = await setStage();
    const { accessToken } = await connect(stage, { permissions: ['ACTIVITY_EXPORT'] });
    await stage.garmin.act('settings', { permissionsShape });
    expect(await (await stage.get('/wellness-api/rest/user/permissions', accessToken)).json()).toEqual(body);
  });

  it('is gone after a deregistration, which is notified once more', async () => {
    const stage = await setStage();
    const { userId, accessToken, refreshToken } = await connect(stage);
    const answer = await fetch(`${stage.garmin.url}/wellness-api/rest/user/registration`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    await expect.poll(() => stage.received.map(({ json }) => json)).toEqual([{ deregistrations: [{ userId }] }]);
    expect((await stage.get('/wellness-api/rest/user/id', accessToken)).status).toBe(403);
    expect((await refresh(stage, refreshToken)).status).toBe(400);
  });
});
