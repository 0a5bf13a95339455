import { describe, expect, it } from 'vitest';
import { defaultPlatform, uuidFrom } from './platform.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the default platform', () => {
  it('draws version 4 UUIDs', () => {
    expect(defaultPlatform().randomUuid()).toMatch(UUID_V4);
    expect(defaultPlatform().randomUuid()).not.toBe(defaultPlatform().randomUuid());
  });

  it('makes the same kind from random bytes alone', () => {
    expect(uuidFrom(new Uint8Array(16).fill(0xff))).toMatch(UUID_V4);
    expect(uuidFrom(new Uint8Array(16))).toBe('00000000-0000-4000-8000-000000000000');
  });

  it('knows the time and the zone, and calls back later', async () => {
    const platform = defaultPlatform();
    expect(platform.now()).toBeGreaterThan(1_700_000_000_000);
    expect(platform.timeZone()).not.toBe('');
    await new Promise<void>((resolve) => platform.after(1, resolve));
  });
});
