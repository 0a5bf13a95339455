/** One worker per connection at a time, across processes: refreshes and changes of permissions take turns. */
import { type Pause, pause as realPause } from '../egress/pause.ts';
import { HubError } from '../error/hub-error.ts';
import type { ConnectionStore } from '../store/connection-store.ts';
import type { Clock, Random } from './ports.ts';
import { TOKEN_CALL_MS } from './token-endpoint.ts';

/** Longer than a token call can take, so that a lease ends early only with its process. */
const LEASE_MS = 2 * TOKEN_CALL_MS;
const LONGEST_WAIT_MS = LEASE_MS + TOKEN_CALL_MS;
const LOOK_EVERY_MS = 50;

export interface LeaseParts {
  store: Pick<ConnectionStore, 'acquireLease' | 'releaseLease'>;
  clock: Clock;
  random: Pick<Random, 'next' | 'uuid'>;
  pause?: Pause;
}

/**
 * @param meanwhile asked while another worker holds the lease: an answer ends the waiting, because that worker has
 *   done what was wanted.
 * @throws HubError `busy` when the lease is not to be had.
 */
export async function withConnectionLease<T>(
  { store, clock, random, pause = realPause }: LeaseParts,
  connectionId: string,
  work: () => Promise<T>,
  meanwhile: () => Promise<T | null> = async () => null,
): Promise<T> {
  const name = `connection:${connectionId}`;
  // A name of its own each time: an owner may renew a lease, and two tasks of one process must not.
  const owner = random.uuid();
  for (const startedMs = clock.now(); clock.now() - startedMs < LONGEST_WAIT_MS; ) {
    const nowMs = clock.now();
    if (await store.acquireLease(name, owner, nowMs + LEASE_MS, nowMs)) {
      try {
        return await work();
      } finally {
        // What the work found counts for more: a lease that is not given back ends by itself.
        await store.releaseLease(name, owner).catch(() => undefined);
      }
    }
    await pause(LOOK_EVERY_MS + Math.floor(random.next() * LOOK_EVERY_MS));
    const done = await meanwhile();
    if (done !== null) return done;
  }
  throw new HubError('busy', {
    what: `The connection ${connectionId} is being worked on elsewhere.`,
    why: 'Another process holds it for longer than a token call can take.',
    fix: 'The hub tries again by itself.',
  });
}
