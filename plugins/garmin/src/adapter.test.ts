import { readFileSync } from 'node:fs';
import { Manifest } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import { STREAMS } from './notification-types.ts';

const { coach } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { coach: unknown };

describe('the manifest', () => {
  it('is valid, and says what the code does', () => {
    const manifest = Manifest.parse(coach);
    expect(manifest.id).toBe(plugin.id);
    expect(manifest.hosts).toEqual(plugin.hosts);
    expect(manifest.streams).toEqual(Object.keys(plugin.streams));
    expect(manifest.streams).toEqual([...STREAMS]);
  });

  it('marks secrets as such and gives them no value', () => {
    const { config } = Manifest.parse(coach);
    for (const key of ['clientSecret', 'webhookSecret']) {
      expect(config[key]).toMatchObject({ secret: true });
      expect(config[key]).not.toHaveProperty('default');
    }
  });

  it('names a host for every endpoint', () => {
    if (plugin.auth.type !== 'oauth2') throw new Error('expected OAuth 2');
    for (const { host } of Object.values(plugin.auth.endpoints)) expect(plugin.hosts).toHaveProperty([host]);
  });
});
