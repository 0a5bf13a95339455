import { describe, expect, it } from 'vitest';
import { isReturnUrlAllowed } from './connect-return-url.ts';

const ALLOWED = ['coachapp://connected', 'https://app.test/done', 'https://app.test:8443/', 'scheme:/path'];

describe('an address to return to', () => {
  it.each([
    'coachapp://connected',
    'coachapp://connected/stride?ok=1#x',
    'https://app.test/done',
    'https://app.test/done/',
    'https://app.test/done/stride?x=1',
    'https://app.test:8443/anything',
    'scheme:/path/x',
    'HTTPS://APP.test/done',
  ])('is allowed: %s', (url) => {
    expect(isReturnUrlAllowed(url, ALLOWED)).toBe(true);
  });

  it.each([
    'coachapp://connected.evil',
    'coachapp://connectedx',
    'coachapp:connected',
    'otherapp://connected',
    'http://app.test/done',
    'https://app.test/',
    'https://app.test/donee',
    'https://app.test/done/../admin',
    'https://app.test/done/%2e%2e/admin',
    'https://app.test/done/..%2fadmin',
    'https://app.test/done\\..\\admin',
    'https://app.test.evil.test/done',
    'https://app.test@evil.test/done',
    'https://user@app.test/done',
    'https://app.test:444/done',
    '//app.test/done',
    'javascript:alert(1)',
    'https://app.test/done\n',
    '',
  ])('is not allowed: %s', (url) => {
    expect(isReturnUrlAllowed(url, ALLOWED)).toBe(false);
  });
});
