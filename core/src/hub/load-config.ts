/** Makes the hub's configuration of its file, the environment and flags; whatever is wrong is reported together. */
import type { z } from 'zod';
import { originOf } from '../egress/hosts.ts';
import { type ConfigProblem, configInvalid, expectationOf, shownValue } from '../plugin/config-problem.ts';
import { HubConfig, type HubSecrets } from './config.ts';
import { readSecrets } from './load-secrets.ts';

export interface ConfigInput {
  /** `coach.config.json` as parsed JSON; null or undefined when there is none. */
  file: unknown;
  env: { readonly [name: string]: string | undefined };
  /** Settings from the command line; they win over everything. */
  flags: {
    data?: string | undefined;
    db?: string | undefined;
    port?: string | number | undefined;
    host?: string | undefined;
    publicUrl?: string | undefined;
  };
  /** The key file of the data folder as parsed JSON, when there is one; the environment wins over it. */
  keyFile?: unknown;
}

export interface LoadedConfig {
  config: HubConfig;
  secrets: HubSecrets;
}

/** Variable → place in the configuration. */
const VARIABLES: { readonly [name: string]: readonly string[] } = {
  COACH_DATA: ['data'],
  COACH_DB: ['db'],
  COACH_PORT: ['port'],
  COACH_HOST: ['host'],
  COACH_PUBLIC_URL: ['publicUrl'],
  COACH_JWT_ISSUER: ['auth', 'issuer'],
  COACH_JWT_AUDIENCE: ['auth', 'audience'],
  COACH_JWT_JWKS_URL: ['auth', 'jwksUrl'],
};
/** @throws HubError `config_invalid` listing every problem; no secret is ever part of it. */
export function loadConfig({ file, env, flags, keyFile }: ConfigInput): LoadedConfig {
  const problems: ConfigProblem[] = [];
  const config = readConfig(file, env, flags, problems);
  const secrets = readSecrets({ env, keyFile, hubVariables: Object.keys(VARIABLES) }, problems);
  if (config) problems.push(...addressProblems(config));
  if (!config || problems.length > 0) {
    throw configInvalid(
      problems.length === 1 ? 'The configuration has a problem.' : `The configuration has ${problems.length} problems.`,
      problems,
    );
  }
  return { config, secrets };
}

function readConfig(
  file: unknown,
  env: ConfigInput['env'],
  flags: ConfigInput['flags'],
  problems: ConfigProblem[],
): HubConfig | null {
  if (file !== null && file !== undefined && !isObject(file)) {
    problems.push({ key: 'coach.config.json', expected: 'an object', got: shownValue(file) });
    return null;
  }
  const merged: { [key: string]: unknown } = structuredClone(file ?? {});
  const names = new Map<string, string>();
  const set = (place: readonly string[], value: string | number | undefined, name: string) => {
    if (value === undefined || value === '') return;
    put(merged, place, place[0] === 'port' && /^\d+$/.test(String(value)) ? Number(value) : value);
    names.set(place.join('.'), name);
  };
  for (const [name, place] of Object.entries(VARIABLES)) set(place, env[name], name);
  set(['data'], flags.data, '--data');
  set(['db'], flags.db, '--db');
  set(['port'], flags.port, '--port');
  set(['host'], flags.host, '--host');
  set(['publicUrl'], flags.publicUrl, '--public-url');
  const parsed = HubConfig.safeParse(merged);
  if (parsed.success) return parsed.data;
  problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, merged, names)));
  return null;
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown, names: ReadonlyMap<string, string>): ConfigProblem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ key: [...path, key].join('.'), expected: 'no such setting', got: 'this key' }));
  }
  const key = path.join('.');
  // Settings of plugins may hold a secret in the wrong place: their values stay out of messages.
  const got = shownValue(valueAt(input, issue.path), path[0] === 'pluginConfig');
  return [{ key: names.get(key) ?? key, expected: expectationOf(issue), got }];
}

/** What is an address by its form but not one the hub can use. */
function addressProblems({ publicUrl, returnUrls, egress }: HubConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (publicUrl !== null && !/^https?:\/\/[^?#]+$/.test(publicUrl)) {
    problems.push({ key: 'publicUrl', expected: 'an http or https address without query', got: shownValue(publicUrl) });
  }
  for (const url of returnUrls.filter((each) => !URL.canParse(each))) {
    problems.push({ key: 'returnUrls', expected: 'addresses such as "coachapp://connected"', got: shownValue(url) });
  }
  for (const [host, origin] of Object.entries(egress.hosts).filter((entry) => originOf(entry[1]) === null)) {
    problems.push({
      key: `egress.hosts.${host}`,
      expected: 'an origin such as "https://host:port"',
      got: shownValue(origin),
    });
  }
  const isLoopbackPair = (pair: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d{1,5}$/.test(pair);
  for (const pair of egress.loopback.filter((each) => !isLoopbackPair(each))) {
    problems.push({ key: 'egress.loopback', expected: 'pairs such as "127.0.0.1:9000"', got: shownValue(pair) });
  }
  return problems;
}

function put(into: { [key: string]: unknown }, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const inner = isObject(into[first]) ? into[first] : {};
  into[first] = inner;
  put(inner, rest, value);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (isObject(at) ? at[String(key)] : Array.isArray(at) ? at[Number(key)] : undefined),
    input,
  );
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
