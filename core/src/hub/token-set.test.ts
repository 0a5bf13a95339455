import { describe, expect, it } from 'vitest';
import type { TokenSet } from '../provider/auth.ts';
import { strideAuth } from './connect.test-support.ts';
import { readTokenBody } from './token-set.ts';

const before: TokenSet = {
  accessToken: 'a0',
  refreshToken: 'r0',
  expiresAtMs: 1,
  refreshExpiresAtMs: 2,
  extras: { region: 'eu' },
};
const read = (body: { [key: string]: unknown }, auth = strideAuth(), earlier: TokenSet | null = before) =>
  readTokenBody(auth, body, 1_000, earlier);

describe('a token answer', () => {
  it('is read as RFC 6749 has it, numbers as text too', () => {
    const body = { access_token: 'a1', refresh_token: 'r1', expires_in: '60', refresh_token_expires_in: 120 };
    expect(read(body, strideAuth(), null)).toEqual({
      accessToken: 'a1',
      refreshToken: 'r1',
      expiresAtMs: 61_000,
      refreshExpiresAtMs: 121_000,
      extras: {},
    });
  });

  it('that leaves the refresh token out keeps the old one, and the extras stay', () => {
    expect(read({ access_token: 'a1', expires_in: 60 })).toEqual({ ...before, accessToken: 'a1', expiresAtMs: 61_000 });
  });

  it('without an expiry is of tokens that do not expire', () => {
    expect(read({ access_token: 'a1' })?.expiresAtMs).toBeNull();
  });

  it('without an access token is none, except where the old one lives longer', () => {
    expect(read({ expires_in: 60 })).toBeNull();
    expect(read({ expires_in: 60 }, strideAuth({ lifecycle: 'extended_in_place' }))).toMatchObject({
      accessToken: 'a0',
      expiresAtMs: 61_000,
    });
  });

  it('of a provider with an envelope of its own is read by its adapter', () => {
    const auth = strideAuth({
      readTokenBody: (body) => ({
        ...before,
        accessToken: (body.body as { token: string }).token,
        refreshToken: null,
        extras: {},
      }),
    });
    expect(read({ status: 0, body: { token: 'a9' } }, auth)).toMatchObject({
      accessToken: 'a9',
      refreshToken: 'r0',
      extras: { region: 'eu' },
    });
  });
});
