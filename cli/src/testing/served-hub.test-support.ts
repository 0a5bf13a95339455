/** `coach serve` in a process of its own, with a fake vendor and phones around it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { envNameOf } from '@coach-hub/core';
import { issueAthleteToken } from '@coach-hub/server';
import { onTestFinished } from 'vitest';
import { type ChosenFake, chooseFake } from '../demo/choose-fake.ts';
import { createHubClient, type HubClient } from '../demo/hub-client.ts';
import { createPhone, type Phone } from '../demo/phone.ts';
import { findPlugins } from '../project/find-plugins.ts';
import { DEVELOPMENT_ISSUER } from '../project/issue-token.ts';
import type { KeyFile } from '../project/key-file.ts';
import { webhookAddress } from '../serve/start-fake.ts';
import { emptyFolder, type Running, startCoach } from './coach.test-support.ts';
import { testWorld } from './test-world.test-support.ts';

export interface ServedHub {
  cwd: string;
  url: string;
  provider: ChosenFake;
  /** The environment of the server, and of commands beside it. */
  env: { [name: string]: string };
  /** Starts the server on a data folder and waits until it is ready. */
  serve(data: string): Promise<Running>;
  /** An athlete with a phone. The tokens are those of the key file of that data folder. */
  athlete(subject: string, data: string): Promise<{ api: HubClient; phone: Phone }>;
  /** The athlete allows the provider. Returns their account there. */
  connect(api: HubClient, subject: string): Promise<string>;
}

const TOKEN_TTL_S = 3_600;

export async function servedHub(): Promise<ServedHub> {
  const cwd = emptyFolder();
  const still = testWorld(cwd);
  const clock = { now: () => Date.now() };
  const { random } = still.ports('warn');
  const ports = { ...still.ports('warn'), clock, random: { ...random, next: () => Math.random() } };
  const found = await findPlugins({ ...still, ports: () => ports }, {}, 'warn');
  const provider = await chooseFake(found);
  onTestFinished(() => provider.fake.close());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { fake, id } = provider;
  const egress = { hosts: fake.hosts, loopback: [new URL(fake.url).host] };
  writeFileSync(join(cwd, 'coach.config.json'), JSON.stringify({ publicUrl: url, port, egress }));
  fake.setWebhook(webhookAddress(url, id, fake));
  const env = Object.fromEntries(Object.entries(fake.pluginConfig).map(([key, value]) => [envNameOf(id, key), value]));

  return {
    cwd,
    url,
    provider,
    env,
    async serve(data) {
      const running = startCoach(['serve', '--data', data], { cwd, env });
      onTestFinished(() => void running.stop('SIGKILL'));
      await running.says('Ctrl-C stops it.');
      return running;
    },
    async athlete(subject, data) {
      const { jwtSecret } = JSON.parse(readFileSync(join(cwd, data, 'keys.json'), 'utf8')) as KeyFile;
      const token = await issueAthleteToken({
        secret: jwtSecret,
        issuer: DEVELOPMENT_ISSUER,
        subject,
        ttlS: TOKEN_TTL_S,
        clock,
      });
      const phone = createPhone({ file: join(cwd, `${subject}.db`), hubUrl: url, token, ports });
      onTestFinished(() => phone.close());
      return { api: createHubClient({ url, token }), phone };
    },
    async connect(api, subject) {
      const { userId } = await fake.act('account', { userId: `user-${subject}` });
      const asked = { provider: id, returnUrl: null };
      const { authorizeUrl } = await api.post<{ authorizeUrl: string }>('/v1/connections', asked);
      await fake.act('consent', { url: authorizeUrl, userId: String(userId) });
      return String(userId);
    },
  };
}

/** Phones and the vendor keep one address, whichever hub answers there. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
