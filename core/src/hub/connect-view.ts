import type { LoadedPlugins } from '../plugin/load-plugins.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { ConnectionView } from './hub.ts';

/** A connection as its athlete may see it. Also for plugins that are gone: the athlete can still end it. */
export function connectionView(plugins: Pick<LoadedPlugins, 'provider'>, row: ConnectionRow): ConnectionView {
  const adapter = adapterOrNull(plugins, row.plugin);
  const names = Object.keys(adapter?.streams ?? {});
  return {
    connectionId: row.connectionId,
    provider: row.plugin,
    displayName: adapter?.displayName ?? row.plugin,
    state: row.state,
    reason: row.reason,
    permissions: [...row.permissions],
    streams: Object.fromEntries(names.map((name) => [name, streamState(adapter, name, row)])),
    connectedAt: row.connectedAtMs === null ? null : new Date(row.connectedAtMs).toISOString(),
  };
}

function streamState(
  adapter: ProviderAdapter | null,
  name: string,
  row: ConnectionRow,
): ConnectionView['streams'][string] {
  const stream = adapter?.streams[name];
  if (!stream || stream.acquisition.size === 0) return 'unsupported';
  if (row.state !== 'connected') return 'missing';
  return stream.permission === null || row.permissions.includes(stream.permission) ? 'granted' : 'missing';
}

export function adapterOrNull(plugins: Pick<LoadedPlugins, 'provider'>, plugin: string): ProviderAdapter | null {
  try {
    return plugins.provider(plugin).adapter;
  } catch {
    return null;
  }
}
