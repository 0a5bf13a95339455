import { describe, expect, it } from 'vitest';
import type { HubError } from '../error/hub-error.ts';
import { envNameOf } from './env-name.ts';
import { Manifest } from './manifest.ts';
import { parsePluginConfig } from './plugin-config.ts';

const manifest = Manifest.parse({
  id: 'stride-run',
  contract: 1,
  kinds: ['provider'],
  config: {
    clientId: { type: 'string', required: true, help: 'App id.' },
    clientSecret: { type: 'string', required: true, secret: true, help: 'App secret.' },
    pageSize: { type: 'number', default: 200, help: 'Days a page.' },
    sandbox: { type: 'boolean', help: 'Test system.' },
  },
});

function problemsOf(
  values: { [key: string]: string | number | boolean },
  secrets: { [key: string]: string },
): string[] {
  try {
    parsePluginConfig(manifest, values, secrets);
  } catch (error) {
    return (error as HubError).why.split('\n');
  }
  return [];
}

describe('the settings of a plugin', () => {
  it('come from the file, secrets from outside, the rest from defaults', () => {
    const config = parsePluginConfig(manifest, { clientId: 'app' }, { clientSecret: 'shh' });
    expect(config).toEqual({ clientId: 'app', clientSecret: 'shh', pageSize: 200 });
  });

  it('from outside win, and are read as the type they should have', () => {
    const secrets = { clientId: 'env', clientSecret: 'shh', pageSize: '50', sandbox: 'false' };
    const config = parsePluginConfig(manifest, { clientId: 'file', pageSize: 10 }, secrets);
    expect(config).toEqual({ clientId: 'env', clientSecret: 'shh', pageSize: 50, sandbox: false });
  });

  it('are found whatever capitals a key has, since variables have none', () => {
    const odd = Manifest.parse({
      id: 'ab',
      contract: 1,
      kinds: ['store'],
      config: { clientID: { type: 'string', help: '' } },
    });
    expect(parsePluginConfig(odd, {}, { clientId: 'x' })).toEqual({ clientID: 'x' });
    expect(envNameOf('ab', 'clientID')).toBe('COACH_AB_CLIENT_ID');
  });

  it('are reported with all their problems at once', () => {
    expect(problemsOf({ pageSize: 'many', sandbox: 'maybe', clintId: 'app' }, {})).toEqual([
      'pluginConfig.stride-run.clientId: expected a text (App id.), got nothing',
      'COACH_STRIDE_RUN_CLIENT_SECRET: expected a text (App secret.), got nothing',
      'pluginConfig.stride-run.pageSize: expected a number (Days a page.), got "many"',
      'pluginConfig.stride-run.sandbox: expected true or false (Test system.), got "maybe"',
      'pluginConfig.stride-run.clintId: expected one of: clientId, clientSecret, pageSize, sandbox, got this key',
    ]);
  });

  it('may not hold a secret in the project’s file, and do not repeat it', () => {
    expect(problemsOf({ clientId: 'app', clientSecret: 'SECRET' }, {})).toEqual([
      'pluginConfig.stride-run.clientSecret: expected the secret in COACH_STRIDE_RUN_CLIENT_SECRET, got it in the project’s file',
    ]);
  });
});
