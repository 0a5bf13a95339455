import { describe, expect, it } from 'vitest';
import type { HubError } from '../error/hub-error.ts';
import { type ConfigInput, loadConfig } from './load-config.ts';

const load = (input: Partial<ConfigInput>) => loadConfig({ file: null, env: {}, flags: {}, ...input });
const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

function problemsOf(input: Partial<ConfigInput>): string[] {
  try {
    load(input);
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' });
    return (error as HubError).why.split('\n');
  }
  throw new Error('the configuration was accepted');
}

describe('a configuration', () => {
  it('needs nothing', () => {
    const { config, secrets } = load({});
    expect(config).toMatchObject({
      data: '.coach/data',
      port: 4270,
      publicUrl: null,
      egress: { hosts: {}, loopback: [] },
    });
    expect(secrets).toEqual({ vaultKeys: [], jwtSecret: null, operatorKeys: [], plugins: {} });
  });

  it('is the file, overridden by the environment, overridden by flags', () => {
    const file = { data: 'file', port: 1, host: 'file', auth: { issuer: 'file', audience: 'file' } };
    const env = { COACH_DATA: 'env', COACH_PORT: '2', COACH_JWT_ISSUER: 'env' };
    const { config } = load({ file, env, flags: { port: 3 } });
    expect([config.data, config.port, config.host, config.auth.issuer, config.auth.audience]).toEqual([
      'env',
      3,
      'file',
      'env',
      'file',
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(load({ file: { data: 'file' }, env: { COACH_DATA: '', COACH_KEYS: '' } }).config.data).toBe('file');
  });

  it('leaves the file it was given as it is', () => {
    const file = Object.freeze({ auth: Object.freeze({ issuer: 'file' }) });
    load({ file, env: { COACH_JWT_ISSUER: 'env' } });
    expect(file.auth.issuer).toBe('file');
  });

  it.each(['owner', 'READ', ''])('refuses an operator key of the role %j, which nobody knows', (role) => {
    const problems = problemsOf({ env: { COACH_OPERATOR_KEYS: `${role}:${'a'.repeat(64)}` } });
    expect(problems).toEqual([expect.stringMatching(/^COACH_OPERATOR_KEYS\[0\]: expected "read:" or "admin:"/)]);
  });

  it('reports all its problems together, each under the name the operator used', () => {
    const problems = problemsOf({
      file: {
        decode: { threads: 0 },
        tpyo: 1,
        publicUrl: 'nonsense',
        returnUrls: [5],
        egress: { hosts: {}, loopback: [] },
      },
      env: { COACH_PORT: 'eighty', COACH_KEYS: 'bad', COACH_JWT_SECRET: 'short', COACH_OPERATOR_KEYS: 'root:x' },
      flags: { data: 'd' },
    });
    expect(problems.sort()).toEqual([
      'COACH_JWT_SECRET: expected at least 32 bytes, got 5 bytes',
      'COACH_KEYS[0]: expected "id:base64 of 32 bytes", got a value that is not shown',
      'COACH_OPERATOR_KEYS[0]: expected "read:" or "admin:" and a SHA-256 in hex, got a value that is not shown',
      'COACH_PORT: expected a number, got "eighty"',
      'decode.threads: expected at least 1, got 0',
      'publicUrl: expected a URL, got "nonsense"',
      'returnUrls.0: expected a string, got 5',
      'tpyo: expected no such setting, got this key',
    ]);
  });

  it('reports addresses that cannot be used', () => {
    const problems = problemsOf({
      file: {
        publicUrl: 'coachapp://x',
        returnUrls: ['no address'],
        egress: { hosts: { 'stride.api': 'http://127.0.0.1:9000/v1' }, loopback: ['10.0.0.1:9000', '127.0.0.1:9000'] },
      },
    });
    expect(problems).toEqual([
      'publicUrl: expected an http or https address without query, got "coachapp://x"',
      'returnUrls: expected addresses such as "coachapp://connected", got "no address"',
      'egress.hosts.stride.api: expected an origin such as "https://host:port", got "http://127.0.0.1:9000/v1"',
      'egress.loopback: expected pairs such as "127.0.0.1:9000", got "10.0.0.1:9000"',
    ]);
  });

  it.each([[[]], ['text'], [5]])('is refused as a whole when the file holds %o', (file) => {
    expect(problemsOf({ file })).toHaveLength(1);
  });

  it('never repeats a secret', () => {
    const problems = problemsOf({
      file: { jwtSecret: 'SECRET-A', pluginConfig: { stride: { clientSecret: { deep: 'SECRET-B' } } } },
      env: { COACH_KEYS: 'SECRET-C', COACH_JWT_SECRET: 'SECRET-D', COACH_OPERATOR_KEYS: 'admin:SECRET-E' },
      keyFile: { secret: 'SECRET-F' },
    });
    expect(problems).toHaveLength(6);
    expect(problems.join()).not.toContain('SECRET-');
  });
});

describe('secrets', () => {
  const sha256 = 'a'.repeat(64);

  it('come from the environment', () => {
    const env = {
      COACH_KEYS: ` ${KEY} , ${KEY.replace('k1', 'k0')}`,
      COACH_JWT_SECRET: 's'.repeat(32),
      COACH_OPERATOR_KEYS: `admin:${sha256},read:${sha256}`,
    };
    expect(load({ env }).secrets).toEqual({
      vaultKeys: [KEY, KEY.replace('k1', 'k0')],
      jwtSecret: 's'.repeat(32),
      operatorKeys: [
        { role: 'admin', sha256 },
        { role: 'read', sha256 },
      ],
      plugins: {},
    });
  });

  it('come from the key file where the environment has none', () => {
    const keyFile = { keys: [KEY], jwtSecret: 'f'.repeat(32), operatorKeys: [`read:${sha256}`] };
    const { secrets } = load({ keyFile, env: { COACH_JWT_SECRET: 'e'.repeat(32) } });
    expect(secrets).toMatchObject({ vaultKeys: [KEY], jwtSecret: 'e'.repeat(32), operatorKeys: [{ role: 'read' }] });
  });

  it('of plugins are found under every plugin and key their name can mean', () => {
    const { secrets } = load({ env: { COACH_STRIDE_CLIENT_SECRET: 'x', PATH: '/bin', COACH_PORT: '1' } });
    expect(secrets.plugins).toEqual({ stride: { clientSecret: 'x' }, 'stride-client': { secret: 'x' } });
  });
});
