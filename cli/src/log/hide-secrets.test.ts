import { describe, expect, it } from 'vitest';
import { hideSecrets } from './hide-secrets.ts';

const SECRET = 'p4ss"word/ü+and more';

describe('a secret of the project', () => {
  const hide = hideSecrets([SECRET]);
  const hex = Buffer.from(SECRET).toString('hex');
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ at: SECRET })],
    ['in an address', `state=${encodeURIComponent(SECRET)}&x=1`],
    ['in hex', hex],
    ['in capital hex', hex.toUpperCase()],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 of something longer', Buffer.from(`client:${SECRET}:rest`).toString('base64')],
    ['one place further on', Buffer.from(`client1:${SECRET}:rest`).toString('base64url')],
    ['two places further on', Buffer.from(`client12:${SECRET}`).toString('base64')],
  ])('is hidden %s', (_, text) => {
    const hidden = hide(`before ${text} after`);
    expect(hidden).toContain('[hidden]');
    expect(hidden).toMatch(/^before .* after$/);
    const bare = Buffer.from(hidden.replace(/^before | after$/g, ''), 'base64').toString('latin1');
    for (const part of ['p4ss', 'word', hex.slice(8, 24)]) expect([hidden, bare].join()).not.toContain(part);
  });

  it('of bytes is hidden in hex and base64', () => {
    const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const told = hideSecrets([key])(`${key.toString('hex')} ${key.toString('base64')}`);
    expect(told).not.toMatch(/0405060708|AQIDBAUG/);
  });

  it('so short that it would hide half of the line is none', () => {
    expect(hideSecrets(['run'])('run finished')).toBe('run finished');
  });
});

describe('what looks like a credential', () => {
  it.each([
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [hidden]'],
    ['Basic Y2xpZW50OnNlY3JldA==', 'Basic [hidden]'],
    ['key chk_0123-abc refused', 'key chk_[hidden] refused'],
    ['token eyJhbGciOiJI.eyJzdWIi.c2ln ended', 'token [hidden] ended'],
    ['POST /webhooks/garmin/s3cret failed', 'POST /webhooks/garmin/[hidden] failed'],
    ['postgres://coach:s3cret@db/coach', 'postgres://[hidden]@db/coach'],
    ['fetch https://api.example/file?token=s3cret failed', 'fetch https://api.example/file?[hidden] failed'],
  ])('is hidden too: %s', (text, told) => {
    expect(hideSecrets([])(text)).toBe(told);
  });

  it('does not take the pattern of a route for one', () => {
    expect(hideSecrets([])('"route":"/webhooks/:plugin/:secret?"')).toBe('"route":"/webhooks/:plugin/:secret?"');
  });

  it('leaves the rest of a JSON line readable', () => {
    const line = JSON.stringify({ url: 'https://a.example/f?t=1', header: 'Bearer x', next: 'stays' });
    expect(JSON.parse(hideSecrets([])(line))).toEqual({
      url: 'https://a.example/f?[hidden]',
      header: 'Bearer [hidden]',
      next: 'stays',
    });
  });
});
