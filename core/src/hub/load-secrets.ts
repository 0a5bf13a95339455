import { z } from 'zod';
import { type ConfigProblem, shownValue } from '../plugin/config-problem.ts';
import { meaningsOf } from '../plugin/env-name.ts';
import { isKey } from '../vault/key.ts';
import type { HubSecrets } from './config.ts';

export interface SecretInput {
  env: { readonly [name: string]: string | undefined };
  /** The key file as parsed JSON. */
  keyFile: unknown;
  /** Variables that are settings of the hub and never a plugin's. */
  hubVariables: readonly string[];
}

const SECRET_VARIABLES: ReadonlySet<string> = new Set(['COACH_KEYS', 'COACH_JWT_SECRET', 'COACH_OPERATOR_KEYS']);
/** HS256 needs a secret at least as long as its hash (RFC 7518 §3.2). */
const JWT_SECRET_BYTES = 32;

const KeyFile = z
  .object({
    keys: z.array(z.string()).default([]),
    jwtSecret: z.string().optional(),
    operatorKeys: z.array(z.string()).default([]),
  })
  .strict();
type KeyFile = z.infer<typeof KeyFile>;

/** Secrets from the environment, else from the key file. What is wrong is added to `problems`, without its value. */
export function readSecrets({ env, keyFile, hubVariables }: SecretInput, problems: ConfigProblem[]): HubSecrets {
  const stored = readKeyFile(keyFile, problems);
  const vaultKeys = env.COACH_KEYS ? listOf(env.COACH_KEYS) : stored.keys;
  vaultKeys.forEach((key, index) => {
    if (!isKey(key))
      problems.push({ key: `COACH_KEYS[${index}]`, expected: '"id:base64 of 32 bytes"', got: shownValue(key, true) });
  });
  const jwtSecret = env.COACH_JWT_SECRET || stored.jwtSecret || null;
  if (jwtSecret !== null && Buffer.byteLength(jwtSecret) < JWT_SECRET_BYTES) {
    problems.push({
      key: 'COACH_JWT_SECRET',
      expected: `at least ${JWT_SECRET_BYTES} bytes`,
      got: `${Buffer.byteLength(jwtSecret)} bytes`,
    });
  }
  const operators = env.COACH_OPERATOR_KEYS ? listOf(env.COACH_OPERATOR_KEYS) : stored.operatorKeys;
  return {
    vaultKeys,
    jwtSecret,
    operatorKeys: readOperatorKeys(operators, problems),
    plugins: pluginSecrets(env, hubVariables),
  };
}

function readKeyFile(keyFile: unknown, problems: ConfigProblem[]): KeyFile {
  const parsed = KeyFile.safeParse(keyFile ?? {});
  if (parsed.success) return parsed.data;
  problems.push({
    key: 'key file',
    expected: '{ "keys": [...], "jwtSecret", "operatorKeys": [...] }',
    got: 'something else',
  });
  return { keys: [], operatorKeys: [] };
}

function readOperatorKeys(texts: readonly string[], problems: ConfigProblem[]): HubSecrets['operatorKeys'] {
  return texts.flatMap((text, index) => {
    const [, role, sha256] = /^(read|admin):([0-9a-f]{64})$/.exec(text) ?? [];
    if (role !== undefined && sha256 !== undefined)
      return [{ role: role === 'admin' ? 'admin' : 'read', sha256 } as const];
    problems.push({
      key: `COACH_OPERATOR_KEYS[${index}]`,
      expected: '"read:" or "admin:" and a SHA-256 in hex',
      got: shownValue(text, true),
    });
    return [];
  });
}

/** Every meaning a plugin variable can have; `parsePluginConfig` takes the ones its manifest declares. */
function pluginSecrets(env: SecretInput['env'], hubVariables: readonly string[]): HubSecrets['plugins'] {
  const plugins = new Map<string, Map<string, string>>();
  for (const [name, value] of Object.entries(env)) {
    if (!/^COACH_[A-Z0-9_]+$/.test(name) || value === undefined || value === '') continue;
    if (hubVariables.includes(name) || SECRET_VARIABLES.has(name)) continue;
    for (const { pluginId, key } of meaningsOf(name)) {
      plugins.set(pluginId, (plugins.get(pluginId) ?? new Map()).set(key, value));
    }
  }
  return Object.fromEntries([...plugins].map(([id, keys]) => [id, Object.fromEntries(keys)]));
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
