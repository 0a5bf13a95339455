/** Puts the fake together and opens its port on 127.0.0.1. */
import { createServer } from 'node:http';
import { type FakeOptions, HubError, type RunningFake } from '@coach-hub/core';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { adminRoutes } from './admin-routes.ts';
import { authorizeRoutes } from './authorize-routes.ts';
import { COMMANDS } from './commands.ts';
import { createFaults, FAULTS } from './faults.ts';
import { createNotifier } from './notifier.ts';
import { createPortal } from './portal.ts';
import { pullRoutes } from './pull-routes.ts';
import { createSender } from './sender.ts';
import { tokenRoutes } from './token-routes.ts';
import { userRoutes } from './user-routes.ts';
import { addAccount, createWorld } from './world.ts';

const LOGICAL_HOSTS = ['garmin.connect', 'garmin.auth', 'garmin.api'];

export async function startFake({ port, now, random, log }: FakeOptions): Promise<RunningFake> {
  let url = '';
  const world = createWorld(now, random);
  addAccount(world);
  const portal = createPortal();
  const faults = createFaults();
  const sender = createSender({ portal, faults, clientId: world.client.id, log });
  const notifier = createNotifier({ world, portal, faults, sender, origin: () => url });
  const context = { world, portal, faults, sender, notifier };

  async function act(name: string, params: { readonly [key: string]: unknown } = {}) {
    const command = COMMANDS.find((each) => each.name === name);
    if (command === undefined) throw unknownCommand(name);
    return command.run(context, params);
  }
  const commands = COMMANDS.map(({ name, help }) => ({ name, help }));
  const users = userRoutes(world, portal, faults, ({ userId }) => {
    void notifier.tell([{ type: 'deregistrations', item: { userId } }]);
  });
  const app = new Hono()
    .route('/', authorizeRoutes(world))
    .route('/', tokenRoutes(world, faults))
    .route('/wellness-api/rest', users)
    .route('/partner-gateway/rest', users)
    .route('/wellness-api/rest', pullRoutes(world, portal, faults))
    .route('/', adminRoutes({ commands, faults: [...FAULTS], act, fault: faults.set }))
    .notFound((c) => c.json({ errorMessage: 'Not found.' }, 404));

  const server = createServer(getRequestListener(app.fetch));
  url = await listening(server, port);
  log.info('fake Garmin listens', { url });
  return {
    url,
    hosts: Object.fromEntries(LOGICAL_HOSTS.map((host) => [host, url])),
    pluginConfig: {
      clientId: world.client.id,
      clientSecret: world.client.secret,
      webhookSecret: world.client.webhookSecret,
    },
    setWebhook(address) {
      portal.webhookUrl = address;
    },
    act,
    commands,
    fault: faults.set,
    faults: [...FAULTS],
    async close() {
      sender.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: ReturnType<typeof createServer>, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(portInUse(port, cause)));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`);
    });
  });
}

function portInUse(port: number, cause: unknown): HubError {
  const story = {
    what: `The fake Garmin cannot listen on port ${port}.`,
    why: 'The port is taken or not allowed.',
    fix: 'Choose another port, or 0 for any free one.',
  };
  return new HubError('port_in_use', story, { cause });
}

function unknownCommand(name: string): HubError {
  return new HubError('bad_request', {
    what: `The fake Garmin has no command "${name}".`,
    why: `It has ${COMMANDS.map((command) => command.name).join(', ')}.`,
    fix: 'Choose one of these.',
  });
}
