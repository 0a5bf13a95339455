import type { ConnectionHttp } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { auth, classifyRefreshFailure } from './auth.ts';

/** Answers paths from a list each; the last answer repeats. An Error is thrown. */
function http(answers: { [path: string]: unknown[] }): ConnectionHttp {
  const next = (path: string) => {
    const list = answers[path] ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    getJson: async (host, path) => next(`${host}${path}`),
    request: async (host, path, { method }) => ({ status: next(`${method} ${host}${path}`) as number, json: null }),
  };
}

const ID = 'garmin.api/wellness-api/rest/user/id';
const PERMISSIONS = 'garmin.api/wellness-api/rest/user/permissions';
const REGISTRATION = 'DELETE garmin.api/wellness-api/rest/user/registration';

describe('the account behind a token', () => {
  it.each([
    ['an array', ['ACTIVITY_EXPORT']],
    ['an object that holds an array', { permissions: ['ACTIVITY_EXPORT'] }],
    ['a map', { ACTIVITY_EXPORT: true, HEALTH_EXPORT: false }],
  ])('is known by its id and by permissions from %s', async (_shape, permissions) => {
    const identity = await auth.resolveIdentity(http({ [ID]: [{ userId: 'u-1' }], [PERMISSIONS]: [permissions] }), {});
    expect(identity).toEqual({ identity: 'u-1', permissions: ['ACTIVITY_EXPORT'] });
  });

  it('is not guessed when permissions fail, as they may directly after consent, or have no known shape', async () => {
    const late = http({ [ID]: [{ userId: 'u-1' }], [PERMISSIONS]: [new Error('404'), ['ACTIVITY_EXPORT']] });
    await expect(auth.resolveIdentity(late, {})).rejects.toThrow('404');
    expect(await auth.resolveIdentity(late, {})).toMatchObject({ permissions: ['ACTIVITY_EXPORT'] });
    const strange = http({ [ID]: [{ userId: 'u-1' }], [PERMISSIONS]: [7] });
    await expect(auth.resolveIdentity(strange, {})).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it.each([[{}], [null], [{ userId: '' }]])('is refused without an id: %j', async (body) => {
    await expect(auth.resolveIdentity(http({ [ID]: [body] }), {})).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });
});

describe('leaving', () => {
  it.each([204, 200, 401, 403, 404])('is done when Garmin answers %i', async (status) => {
    await expect(auth.revoke!(http({ [REGISTRATION]: [status] }))).resolves.toBeUndefined();
  });

  it.each([429, 500, 503])('is tried again when Garmin answers %i', async (status) => {
    await expect(auth.revoke!(http({ [REGISTRATION]: [status] }))).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });
});

describe('a failed refresh', () => {
  it.each([
    [400, { error: 'invalid_grant' }, 'revoked'],
    [401, { error: 'invalid_token', error_description: 'Token is not active' }, 'revoked'],
    [400, { error: 'invalid_request', error_description: 'Invalid refresh token' }, 'revoked'],
    [401, { error: 'invalid_client' }, 'misconfigured'],
    [400, { error: 'unsupported_grant_type' }, 'misconfigured'],
    [400, { error: 'invalid_request', error_description: 'Missing refresh token' }, 'misconfigured'],
    [403, null, 'misconfigured'],
    [400, '<html>proxy</html>', 'transient'],
    [429, { error: 'invalid_grant' }, 'transient'],
    [408, null, 'transient'],
    [500, { error: 'invalid_grant' }, 'transient'],
    [503, null, 'transient'],
  ])('%i %j is %s', (status, body, failure) => {
    expect(classifyRefreshFailure(status, body)).toBe(failure);
  });
});
