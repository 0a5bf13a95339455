import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyUse } from '@coach-hub/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coachJson, emptyFolder, type Running, startCoach } from './testing/coach.test-support.ts';

const GUIDES = fileURLToPath(new URL('../../docs/operations/', import.meta.url));
const BIN = fileURLToPath(new URL('../bin/run.js', import.meta.url));

/** What a guide tells to type, in order. What needs root is in blocks of another kind. */
function blocksOf(page: string): string[] {
  return [...readFileSync(join(GUIDES, page), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);
}

/** A machine with `coach` on its path, and a `systemctl` that knows the one service. */
function machine() {
  const cwd = emptyFolder();
  const bin = join(cwd, 'bin');
  mkdirSync(bin);
  const script = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  script('coach', `exec "${process.execPath}" "${BIN}" "$@"`);
  script(
    'systemctl',
    'case "$1" in reload) kill -HUP "$HUB_PID" ;; stop) kill "$HUB_PID" ;; start) ;; *) exit 1 ;; esac',
  );
  const env = { COACH_DATA: join(cwd, 'data'), COACH_PORT: '0', COACH_PUBLIC_URL: 'https://hub.example' };
  const type = (text: string, hub: Running | null) =>
    spawnSync('bash', ['-euo', 'pipefail', '-c', text], {
      cwd,
      encoding: 'utf8',
      env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: '1', HUB_PID: String(hub?.pid ?? '') },
    });
  return { cwd, env, type };
}

describe('the guides, read from the first to the last on one machine', () => {
  let box: ReturnType<typeof machine>;
  let hub: Running | null = null;
  beforeAll(() => {
    box = machine();
  });

  async function follow(page: string, alter = (text: string) => text): Promise<void> {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    for (const text of blocks) {
      const { status, stderr, stdout } = box.type(alter(text), hub);
      expect({ page, status, output: status === 0 ? '' : `${text}${stdout}${stderr}` }).toEqual({
        page,
        status: 0,
        output: '',
      });
    }
  }

  it('service.md makes a project that is in order', async () => {
    await follow('service.md');
    hub = startCoach(['serve'], box);
    await hub.says('Ctrl-C stops it.');
  });

  it('backup.md takes a backup and restores it', async () => {
    await follow('backup.md');
    expect(readdirSync(join(box.cwd, 'backups/first')).sort()).toEqual(['coach.db', 'manifest.json']);
  });

  it('keys.md changes the key of the running hub', async () => {
    const keys = async () =>
      (await coachJson<{ keys: KeyUse[] }>(['keys', 'list'], box)).keys.map(({ keyId }) => keyId);
    const [old = ''] = await keys();
    await follow('keys.md', (text) => text.replaceAll('OLD-ID', old ?? ''));
    const after = await keys();
    expect(after).toHaveLength(1);
    expect(after).not.toContain(old);
    expect(hub?.stderr().match(/keys read/g)).toHaveLength(2);
  });

  it('upgrade.md brings the hub to rest and up to date', async () => {
    await follow('upgrade.md');
    expect(await hub?.ended).toMatchObject({ code: 0 });
  });
});

describe('the files of the guides', () => {
  it.for(['coach-hub.service', 'coach-hub-backup.service', 'coach-hub-backup.timer'])(
    '%s is a unit that systemd takes',
    (name, ctx) => {
      if (!isOnPath('systemd-analyze')) return ctx.skip('no systemd-analyze on PATH');
      const folder = mkdtempSync(join(emptyFolder(), 'units-'));
      for (const each of readdirSync(GUIDES).filter((file) => /\.(?:service|timer)$/.test(file))) {
        // Node is elsewhere here, and the hub's own folders are not there.
        const unit = readFileSync(join(GUIDES, each), 'utf8').replaceAll('/usr/bin/node', process.execPath);
        writeFileSync(join(folder, each), unit);
      }
      const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, name)], { encoding: 'utf8' });
      const about = stderr
        .split('\n')
        .filter((line) => line.includes('coach-hub') && !/Failed to .*(?:bus|user)/.test(line));
      expect(about).toEqual([]);
      rmSync(folder, { recursive: true });
    },
  );

  it('nginx.conf is taken by nginx', (ctx) => {
    if (!isOnPath('nginx')) return ctx.skip('no nginx on PATH');
    const folder = emptyFolder();
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=hub.example',
        '-keyout',
        join(folder, 'privkey.pem'),
        '-out',
        join(folder, 'fullchain.pem'),
      ],
      { stdio: 'ignore' },
    );
    const site = readFileSync(join(GUIDES, 'nginx.conf'), 'utf8').replaceAll(
      '/etc/letsencrypt/live/hub.example',
      folder,
    );
    writeFileSync(join(folder, 'site.conf'), site);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `pid ${folder}/pid; events {} http { access_log off; include ${folder}/site.conf; }`,
    );
    const { status, stderr } = spawnSync('nginx', ['-t', '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('Caddyfile is taken by Caddy', (ctx) => {
    if (!isOnPath('caddy')) return ctx.skip('no caddy on PATH');
    const { status, stderr } = spawnSync('caddy', ['adapt', '--config', join(GUIDES, 'Caddyfile')], {
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
});

function isOnPath(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}
