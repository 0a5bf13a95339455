/**
 * The table of everywhere the hub may go: logical hosts from the plugins' manifests, each with the origin the
 * configuration maps it to. Whatever is not in it is not reached.
 */
import { HubError } from '../error/hub-error.ts';
import { refused } from './refusals.ts';

export interface HostEntry {
  /** As adapters and configuration name it, for example `stride.api`. */
  name: string;
  /** Whose host it is: only this plugin's tokens travel there. */
  plugin: string;
  /** Origin in the manifest. */
  declared: string;
  /** Origin that is connected to: `declared`, or what the configuration maps it to. */
  origin: string;
}

export interface HostTable {
  /** @throws HubError `egress_refused` when no plugin declares the host. */
  entry(name: string): HostEntry;
  entries(): HostEntry[];
}

export interface HostTableInput {
  plugins: readonly { id: string; hosts: { readonly [logicalHost: string]: string } }[];
  /** `egress.hosts` of the configuration. */
  mapping: { readonly [logicalHost: string]: string };
}

/**
 * @throws HubError `plugin_invalid` when two plugins declare one name or an origin is none, `config_invalid` when the
 *   mapping names an unknown host or a target that is no origin.
 */
export function createHostTable({ plugins, mapping }: HostTableInput): HostTable {
  const table = new Map<string, HostEntry>();
  for (const { id, hosts } of plugins) {
    for (const [name, address] of Object.entries(hosts)) {
      const other = table.get(name);
      if (other) throw badHost('plugin_invalid', name, `It is declared by two plugins, ${other.plugin} and ${id}.`);
      const declared = originOf(address);
      if (declared === null)
        throw badHost('plugin_invalid', name, 'Its manifest gives something other than an origin.');
      table.set(name, { name, plugin: id, declared, origin: declared });
    }
  }
  for (const [name, address] of Object.entries(mapping)) {
    const entry = table.get(name);
    // A mapping may name a plugin that is not installed here: one configuration serves several projects.
    if (!entry) continue;
    const origin = originOf(address);
    if (origin === null)
      throw badHost('config_invalid', name, 'egress.hosts maps it to something other than an origin.');
    table.set(name, { ...entry, origin });
  }
  return {
    entries: () => [...table.values()],
    entry(name) {
      const entry = table.get(name);
      if (!entry) throw refused(`The host "${name}" was not called.`, 'No plugin declares it.');
      return entry;
    },
  };
}

/** The origin an address consists of; null when it says more (path, query, user) or is no web address. */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isWeb && isBare ? url.origin : null;
}

function badHost(code: 'plugin_invalid' | 'config_invalid', name: string, why: string): HubError {
  return new HubError(code, {
    what: `The host "${name}" cannot be used.`,
    why,
    fix: 'Give it as "https://host" or "https://host:port", once.',
  });
}
