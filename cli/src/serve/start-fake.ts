/** A fake vendor of one of the project's plugins, and what a hub has to be told to use it. */
import { envNameOf, type FakeCommand, type RunningFake } from '@coach-hub/core';
import { type FoundPlugins, findPlugins } from '../project/find-plugins.ts';
import type { World } from '../world.ts';

export interface FakeReport {
  plugin: string;
  displayName: string;
  url: string;
  /** For coach.config.json. */
  config: { publicUrl: string; egress: { hosts: { [host: string]: string }; loopback: string[] } };
  /** For the hub's environment. */
  environment: { [variable: string]: string };
  webhook: string;
  commands: FakeCommand[];
  faults: FakeCommand[];
  /** Where commands and faults are posted to; null when this fake takes none from outside. */
  control: string | null;
}

export async function startFake(
  world: World,
  id: string,
  flags: { port?: number | undefined; webhook?: string | undefined; plugin?: string[] | undefined },
): Promise<{ report: FakeReport; close(): Promise<void> }> {
  const found = await findPlugins(world, { plugin: flags.plugin }, 'warn');
  const fake = await runFake(found, id, flags.port ?? 0);
  const { config } = found.project;
  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const webhook = flags.webhook ?? webhookAddress(publicUrl, id, fake);
  fake.setWebhook(webhook);
  const report: FakeReport = {
    plugin: id,
    displayName: found.plugins.infos.find((info) => info.id === id)?.displayName ?? id,
    url: fake.url,
    config: { publicUrl, egress: { hosts: fake.hosts, loopback: [new URL(fake.url).host] } },
    environment: Object.fromEntries(
      Object.entries(fake.pluginConfig).map(([key, value]) => [envNameOf(id, key), value]),
    ),
    webhook,
    commands: fake.commands,
    faults: fake.faults,
    control: await controlOf(fake),
  };
  return { report, close: () => fake.close() };
}

/** @throws HubError `plugin_unknown`, `not_supported`, `port_in_use`. */
export async function runFake(
  { plugins, ports }: Pick<FoundPlugins, 'plugins' | 'ports'>,
  id: string,
  port: number,
): Promise<RunningFake> {
  const { clock, random, log } = ports;
  const vendor = await plugins.fake(id);
  return vendor.start({ port, now: () => clock.now(), random: () => random.next(), log });
}

/** Where a hub takes in the notifications of a provider. */
export function webhookAddress(
  hubUrl: string,
  id: string,
  { pluginConfig }: Pick<RunningFake, 'pluginConfig'>,
): string {
  const secret = pluginConfig.webhookSecret;
  return `${hubUrl.replace(/\/+$/, '')}/webhooks/${id}${secret === undefined ? '' : `/${secret}`}`;
}

/** By convention a fake lists its commands at `/_fake` and takes them below. */
export async function controlOf({ url }: Pick<RunningFake, 'url'>): Promise<string | null> {
  const answer = await fetch(`${url}/_fake`, { headers: { accept: 'application/json' } }).catch(() => null);
  return answer?.ok === true ? `${url}/_fake` : null;
}
