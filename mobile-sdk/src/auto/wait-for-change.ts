/**
 * Asks the hub to say when something is new. A question that is held open, and no event stream: every platform's `fetch` can
 * do that, with the token where it belongs.
 */
import { PROTOCOL_VERSION } from '@coach-hub/core/wire';
import type { SyncDeps } from '../sync/run.ts';

/**
 * @param rev the newest that this phone has read; null: none yet.
 * @returns whether the hub has another, or nothing came for as long as it waits. @throws what `fetch` throws, and an error
 * when the hub answers anything else than a rev.
 */
export async function waitForChange(
  { fetch, baseUrl, getToken }: Pick<SyncDeps, 'fetch' | 'baseUrl' | 'getToken'>,
  { clientId, rev }: { clientId: string; rev: number | null },
  signal: AbortSignal,
): Promise<boolean> {
  const token = await getToken({ force: false });
  if (token === null) throw new Error('The athlete has not signed in.');
  const answer = await fetch(`${baseUrl}/v1/sync/head?after=${rev ?? 0}`, {
    method: 'GET',
    headers: {
      Authorization: `Bearer ${token}`,
      'Sync-Protocol': `${PROTOCOL_VERSION}`,
      'Sync-Client': clientId,
    },
    signal,
  });
  const head: unknown = answer.status === 200 ? JSON.parse(await answer.text()) : null;
  const newest = typeof head === 'object' && head !== null && 'rev' in head ? head.rev : null;
  if (typeof newest !== 'number') throw new Error(`The hub answered ${answer.status}.`);
  return newest !== (rev ?? 0);
}
