/** A project with plugins, written to a temporary folder. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestProject {
  dir: string;
  /** Writes a file; objects as JSON. */
  write(path: string, content: unknown): string;
  /** Installs a package under `node_modules`, with the files given. */
  install(name: string, packageJson: { [key: string]: unknown }, files?: { [path: string]: string }): string;
  link(from: string, to: string): void;
  remove(): void;
}

export function testProject(): TestProject {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'coach-plugins-')));
  const write = (path: string, content: unknown) => {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
    return full;
  };
  return {
    dir,
    write,
    install(name, packageJson, files = {}) {
      const base = join('node_modules', name);
      write(join(base, 'package.json'), { name, version: '1.2.3', type: 'module', ...packageJson });
      for (const [path, text] of Object.entries(files)) write(join(base, path), text);
      return join(dir, base);
    },
    link(from, to) {
      mkdirSync(dirname(join(dir, to)), { recursive: true });
      symlinkSync(join(dir, from), join(dir, to), 'dir');
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Manifest of a provider with one stream. */
export function strideManifest(more: { [key: string]: unknown } = {}): { [key: string]: unknown } {
  return {
    id: 'stride',
    contract: 1,
    kinds: ['provider'],
    normalise: './normalise',
    hosts: { 'stride.api': 'https://api.stride.test' },
    streams: ['runs'],
    ...more,
  };
}

export const STRIDE_EXPORTS = { '.': './index.js', './normalise': './normalise.js', './fake': './fake.js' };

/** Source of a provider that fits `strideManifest`; `more` are members that replace its own. */
export function strideSource(more = ''): string {
  return `
    import { normalise } from './normalise.js';
    export const plugin = {
      id: 'stride', displayName: 'Stride', variant: null, lifecycle: { state: 'available' }, mappingVersion: 1,
      streams: { runs: { kinds: ['activity'], acquisition: new Set(['inline_push']), permission: null,
        time: { instant: 'utc_with_offset', day: 'start' }, expectedLatencyS: null, provisional: false, ambiguousOwner: false } },
      hosts: { 'stride.api': 'https://api.stride.test' }, limits: [],
      policy: { retentionDays: null, aiUse: 'allowed', merging: 'allowed', audience: 'any', attribution: null, deleteOnDisconnect: false, region: null },
      history: { type: 'all' }, auth: { type: 'none' }, normalise, ${more}
    };`;
}

export const NORMALISE_SOURCE = `export function normalise(envelope) { return { claims: [], notes: [{ code: 'read', params: { bytes: envelope.bytes.length } }] }; }`;

/** A whole Stride package as `install` takes it. */
export const STRIDE_FILES = { 'index.js': strideSource(), 'normalise.js': NORMALISE_SOURCE };
