/** Sets the stage: a fake provider, a hub that may reach it and nothing else, the real server, a phone. */
import type { Hub } from '@coach-hub/core';
import { storyOf } from '../command/failure.ts';
import { secretsOf } from '../log/secrets-of.ts';
import { pluginsOf } from '../project/find-plugins.ts';
import { issueToken } from '../project/issue-token.ts';
import { openHubOf } from '../project/open-project.ts';
import { quietAboutPlugins } from '../project/quiet-plugins.ts';
import { type Project, type ProjectFlags, readProject } from '../project/read-project.ts';
import { withKeys } from '../project/with-keys.ts';
import { type Door, openDoor } from '../serve/door.ts';
import { serverOf } from '../serve/server-of.ts';
import { webhookAddress } from '../serve/start-fake.ts';
import type { Ports, World } from '../world.ts';
import { type ChosenFake, chooseFake } from './choose-fake.ts';
import { type DemoFolder, takeDemoFolder } from './demo-folder.ts';
import { createHubClient, type HubClient } from './hub-client.ts';
import { createPhone, type Phone } from './phone.ts';

export interface Stage {
  folder: DemoFolder;
  project: Project;
  ports: Ports;
  hub: Hub;
  url: string;
  provider: ChosenFake;
  athlete: { athleteId: string; token: string; api: HubClient };
  phone: Phone;
  close(): Promise<void>;
}

export interface StageOptions {
  flags: ProjectFlags;
  /** Whether any free port will do, because nobody is going to look. */
  anyPort: boolean;
}

/** The app's name of the demo's athlete. */
export const SUBJECT = 'demo';
const TOKEN_TTL_S = 12 * 3_600;

export async function openStage(world: World, { flags, anyPort }: StageOptions): Promise<Stage> {
  /** What is open, in the order it was opened; closed backwards. */
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const folder = await takeDemoFolder((await readProject(world, flags)).dir, world);
    closers.push(() => folder.release());
    const { project: base } = await withKeys(world, { ...flags, data: folder.data }, { create: true });
    const { clock, random, log } = world.ports('warn', secretsOf(base.secrets));
    const ports = { clock, random, log: quietAboutPlugins(log) };

    const provider = await chooseFake({ plugins: await pluginsOf(base, ports), ports });
    closers.push(() => provider.fake.close());
    const door = await openFreeDoor(base.config, flags.port, anyPort);
    closers.push(() => door.close());

    const project = onStage(base, provider, door.url);
    const hub = await openHubOf(project, ports, { migrate: true });
    // Closed backwards: first no more requests, then the hub. Closing the door twice is closing it once.
    closers.push(
      () => hub.close(),
      () => door.close(),
    );
    door.open(serverOf(hub, project, ports));
    provider.fake.setWebhook(webhookAddress(door.url, provider.id, provider.fake));
    hub.start();

    const { token, athleteId } = await issueToken({ project, hub, ports }, { subject: SUBJECT, ttlS: TOKEN_TTL_S });
    const api = createHubClient({ url: door.url, token });
    const phone = createPhone({ file: folder.phoneFile, hubUrl: door.url, token, ports });
    closers.push(() => phone.close());
    return { folder, project, ports, hub, url: door.url, provider, athlete: { athleteId, token, api }, phone, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The project's configuration, with the provider's hosts led to its fake: exactly that one address may be reached. */
function onStage(base: Project, { id, fake }: ChosenFake, url: string): Project {
  const { [id]: _, ...pluginConfig } = base.config.pluginConfig;
  const config = {
    ...base.config,
    publicUrl: url,
    pluginConfig,
    egress: { hosts: fake.hosts, loopback: [new URL(fake.url).host] },
  };
  const secrets = { ...base.secrets, plugins: { ...base.secrets.plugins, [id]: fake.pluginConfig } };
  return { ...base, config, secrets };
}

/** The usual port where it is free: what is printed at the end should look like what an operator will have. */
async function openFreeDoor(
  { host, port }: Project['config'],
  wanted: number | undefined,
  anyPort: boolean,
): Promise<Door> {
  if (wanted !== undefined) return openDoor({ host, port: wanted });
  if (anyPort) return openDoor({ host, port: 0 });
  return openDoor({ host, port }).catch((error) => {
    if (storyOf(error)?.code !== 'port_in_use') throw error;
    return openDoor({ host, port: 0 });
  });
}
