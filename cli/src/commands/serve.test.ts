import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { coach, coachJson, emptyFolder, startCoach } from '../testing/coach.test-support.ts';

interface Started {
  url: string;
}

async function serving(cwd: string) {
  const running = startCoach(['serve', '--port', '0', '--json'], { cwd });
  await running.says('"loopback"');
  return { running, url: (JSON.parse(running.stdout()) as Started).url };
}

describe('coach serve', () => {
  it('says where it answers, lets an athlete in with a token of "coach token", and stops when told', async () => {
    const cwd = emptyFolder();
    const { running, url } = await serving(cwd);
    const { token, athleteId, subject } = await coachJson<{ token: string; athleteId: string; subject: string }>(
      ['token', '--athlete', 'ann'],
      { cwd },
    );
    const answer = await fetch(`${url}/v1/objects/activity`, { headers: { authorization: `Bearer ${token}` } });
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { objects: [] } });
    expect({ athleteId, subject }).toEqual({ athleteId: 'ann', subject: 'ann' });
    const ended = await running.stop('SIGTERM');
    expect({ code: ended.code, secrets: /Bearer|eyJ/.test(ended.stderr) }).toEqual({ code: 0, secrets: false });
  });

  it('lets an operator in with the key that "coach init" showed', async () => {
    const cwd = emptyFolder();
    const { adminKey } = await coachJson<{ adminKey: string }>(['init'], { cwd });
    const { running, url } = await serving(cwd);
    const answer = await fetch(`${url}/v1/objects/activity?athlete=ann`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect([200, 404]).toContain(answer.status);
    await running.stop('SIGINT');
  });

  it('on a port that is taken says so and leaves no data behind', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await coach(['serve', '--port', String(port)]);
    taken.close();
    expect({ code, lines: stderr.split('\n').slice(0, 3) }).toEqual({
      code: 1,
      lines: [
        `The server cannot listen on port ${port}.`,
        '  why   Another program listens there on 127.0.0.1.',
        '  do    Choose another port with --port, or stop that program.',
      ],
    });
  });

  it('prints every problem of its configuration at once', async () => {
    const { code, stderr } = await coach(['serve'], {
      env: { COACH_PORT: 'many', COACH_PUBLIC_URL: 'hub', COACH_JWT_SECRET: 'short' },
    });
    expect({ code, problems: stderr.match(/COACH_\w+: expected/g) }).toEqual({
      code: 1,
      problems: ['COACH_PORT: expected', 'COACH_PUBLIC_URL: expected', 'COACH_JWT_SECRET: expected'],
    });
  });
});

describe('coach token', () => {
  it('prints the token alone, so that it fits into a command, and tells the rest beside it', async () => {
    const { code, stdout, stderr } = await coach(['token', '--athlete', 'ann', '--ttl', '15m']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/),
      stderr: expect.stringMatching(/^For athlete \w+, until \d{4}-\S+Z\.\n$/),
    });
    expect((await coach(['token', '--athlete', 'ann', '--ttl', 'soon'])).code).toBe(64);
  });
});

describe('coach fake', () => {
  it('starts a provider’s stand-in, takes commands, and stops', async () => {
    const cwd = emptyFolder();
    const { plugins } = await coachJson<{ plugins: { id: string; hasFake: boolean }[] }>(['plugin', 'list'], { cwd });
    const name = plugins.find(({ hasFake }) => hasFake)?.id ?? '';
    const running = startCoach(['fake', name, '--json'], { cwd });
    await running.says(/\n}\n$/);
    const fake = JSON.parse(running.stdout()) as {
      url: string;
      control: string;
      commands: { name: string }[];
      config: { egress: { loopback: string[] } };
    };
    expect(fake.config.egress.loopback).toEqual([new URL(fake.url).host]);
    const done = await fetch(`${fake.control}/act/${fake.commands[0]?.name}`, { method: 'POST' });
    expect(done.status).toBe(200);
    expect((await running.stop('SIGINT')).code).toBe(0);
  });

  it('knows which plugins have none', async () => {
    const { code, stderr } = await coach(['fake', 'sql-store']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/code {2}(?:plugin_unknown|not_supported)/);
  });
});
