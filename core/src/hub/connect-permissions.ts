import type { Pause } from '../egress/pause.ts';
import type { HubParts } from './hub-parts.ts';
import { withConnectionLease } from './token-lease.ts';

export type PermissionParts = Pick<HubParts, 'store' | 'clock' | 'random' | 'log'> & { pause?: Pause };

/** Saves the full new set of what the athlete allows. */
export async function setPermissions(
  parts: PermissionParts,
  connectionId: string,
  identity: string,
  permissions: readonly string[],
): Promise<void> {
  // A refresh replaces tokens in the same row: without its lease, old tokens would be written back over new ones.
  await withConnectionLease(parts, connectionId, async () => {
    await save(parts, connectionId, identity, permissions);
    return true;
  });
}

async function save(
  { store, clock, log }: PermissionParts,
  connectionId: string,
  identity: string,
  permissions: readonly string[],
): Promise<void> {
  const row = await store.connection(connectionId);
  if (row?.state !== 'connected' || row.identity !== identity) return;
  const next = [...new Set(permissions)];
  if (next.length === row.permissions.length && next.every((each) => row.permissions.includes(each))) return;
  if (!(await store.saveConnection({ ...row, permissions: next }, row.generation))) return;
  const { athleteId, plugin } = row;
  log.info('permissions changed', { connectionId, plugin, permissions: next });
  await store.audit({
    atMs: clock.now(),
    athleteId,
    actor: `provider:${plugin}`,
    action: 'permissions_changed',
    params: { connectionId, plugin, permissions: next.join(' ') },
  });
}
