/** Settings of one plugin: what its manifest declares, from the project's file and the environment. */
import type { PluginConfig } from '../provider/webhook.ts';
import { type ConfigProblem, configInvalid, shownValue } from './config-problem.ts';
import { envNameOf } from './env-name.ts';
import type { ConfigKey, Manifest } from './manifest.ts';

type Value = string | number | boolean;

/** Settings as found, before they are checked. */
export interface PluginSettings {
  /** From the project's file: `pluginConfig.<id>`. */
  values: { readonly [key: string]: Value };
  /** From the environment, the key file or a fake; they win over `values`. */
  secrets: { readonly [key: string]: string };
}

/**
 * @throws HubError `config_invalid` with every problem, one per line. A secret in the project's file is one of them:
 *   files of a project end up in version control.
 */
export function parsePluginConfig(
  manifest: Pick<Manifest, 'id' | 'config'>,
  values: PluginSettings['values'],
  secrets: PluginSettings['secrets'],
): PluginConfig {
  const problems: ConfigProblem[] = [];
  const parsed: { [key: string]: Value } = {};
  for (const [key, spec] of Object.entries(manifest.config)) {
    const variable = envNameOf(manifest.id, key);
    const inFile = Object.hasOwn(values, key) ? values[key] : undefined;
    if (spec.secret && inFile !== undefined) {
      problems.push({
        key: `pluginConfig.${manifest.id}.${key}`,
        expected: `the secret in ${variable}`,
        got: 'it in the project’s file',
      });
      continue;
    }
    const fromOutside = secretFor(manifest.id, key, secrets);
    const name = fromOutside !== undefined || spec.secret ? variable : `pluginConfig.${manifest.id}.${key}`;
    const value = fromOutside ?? inFile ?? spec.default;
    const read = value === undefined ? undefined : coerced(spec, value);
    if (read !== undefined) parsed[key] = read;
    else if (value !== undefined || spec.required) {
      problems.push({ key: name, expected: expected(spec), got: shownValue(value, spec.secret) });
    }
  }
  for (const key of Object.keys(values).filter((each) => !Object.hasOwn(manifest.config, each))) {
    const known = Object.keys(manifest.config).join(', ') || 'no settings';
    problems.push({ key: `pluginConfig.${manifest.id}.${key}`, expected: `one of: ${known}`, got: 'this key' });
  }
  if (problems.length > 0) throw configInvalid(`The settings of the plugin "${manifest.id}" have problems.`, problems);
  return Object.freeze(parsed);
}

/** Spelling of a key in the environment loses its capitals, so names are compared as variables. */
function secretFor(id: string, key: string, secrets: PluginSettings['secrets']): string | undefined {
  const wanted = envNameOf(id, key);
  const found = Object.entries(secrets).find(([name]) => name === key || envNameOf(id, name) === wanted);
  return found?.[1] === '' ? undefined : found?.[1];
}

function coerced(spec: ConfigKey, value: Value): Value | undefined {
  switch (spec.type) {
    case 'string':
      return typeof value === 'string' && value !== '' ? value : undefined;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    }
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true';
      return typeof value === 'boolean' ? value : undefined;
  }
}

function expected(spec: ConfigKey): string {
  const kind = { string: 'a text', number: 'a number', boolean: 'true or false' }[spec.type];
  return `${kind} (${spec.help})`;
}
