/** The documentation keeps its promises: links lead somewhere, and every setting is described. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LOG_LEVELS } from '../cli/src/log/log-level.ts';
import { HubConfig } from '../core/src/hub/config.ts';
import { METRICS } from '../core/src/metrics/metric.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;

function pages() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
}

describe('links between pages and files', () => {
  it.each(pages())('%s leads only to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const missing = [...text.matchAll(LINK)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !target.startsWith('/'))
      .filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const text = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
  const keys = (schema, before = '') =>
    Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
      value.properties ? keys(value, `${before}${key}.`) : [`${before}${key}`],
    );
  it.each(keys(z.toJSONSchema(HubConfig, { io: 'input' })))('describes %s', (key) => {
    expect(text).toMatch(new RegExp(`\`${key.replaceAll('.', '\\.')}(\\.[A-Za-z]+)?\``));
  });

  it('names every log level, and not as a secret', () => {
    const [, settings = '', secrets = ''] = /^([\s\S]*)\n## Secrets\n([\s\S]*)$/.exec(text) ?? [];
    const row = settings.split('\n').find((line) => line.startsWith('| `COACH_LOG_LEVEL`')) ?? '';
    expect(LOG_LEVELS.filter((level) => !row.includes(`\`${level}\``))).toEqual([]);
    expect(secrets).not.toContain('COACH_LOG_LEVEL');
  });
});

describe('docs/operations/limits.md', () => {
  const text = readFileSync(join(root, 'docs/operations/limits.md'), 'utf8');
  const rows = text.split('\n').flatMap((line) => {
    const [, , setting = '', shown = ''] = line.split('|').map((cell) => cell.trim());
    return /^`.*`$/.test(setting) ? [[setting.slice(1, -1), shown]] : [];
  });
  const config = HubConfig.parse({});
  const defaultOf = (key) => String(key.split('.').reduce((at, name) => at?.[name], config));

  it.each(rows)('tells the default of %s', (key, shown) => {
    expect(shown).toBe(defaultOf(key));
  });

  it('has every limit that can be set', () => {
    const settings = ['limits', 'archive', 'decode'].flatMap((group) =>
      Object.entries(config[group]).flatMap(([name, value]) => (typeof value === 'number' ? [`${group}.${name}`] : [])),
    );
    expect(settings.filter((setting) => !rows.some(([key]) => key === setting))).toEqual([]);
  });
});

describe('docs/operations/metrics.md', () => {
  const text = readFileSync(join(root, 'docs/operations/metrics.md'), 'utf8');
  /** The server's own, beside those of core. */
  const known = [...Object.keys(METRICS), 'coach_http_request_duration_seconds', 'coach_store_up', 'coach_build_info'];

  it.each(Object.keys(METRICS))('describes %s with all its labels', (name) => {
    const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``)) ?? '';
    const labels = row.split('|')[2]?.trim() ?? '';
    expect(labels.split(', ').filter((label) => label !== '')).toEqual([...METRICS[name].labels]);
  });

  it('speaks of no metric that is not there', () => {
    const named = [...text.matchAll(/\bcoach_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});
