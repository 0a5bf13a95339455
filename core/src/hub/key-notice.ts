/**
 * Which keys the hubs at work on one database know.
 *
 * Each says it in the name of a lease that it renews, so that one which crashed is forgotten. A hub seals with the newest
 * of its keys that all others know: while keys are changed in one process after the other, nobody meets a secret that
 * it cannot open.
 */
import type { HubParts } from './hub-parts.ts';

const PREFIX = 'keys:';
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
/** A key id never holds one. */
const SEPARATOR = ',';

export interface KeyNotice {
  /** Says it now and from time to time, until `stop`. */
  start(): void;
  stop(): Promise<void>;
  /** Says it at once, after the keys have changed. */
  renew(): Promise<void>;
  /** Key ids of every other hub at work. */
  others(): Promise<string[][]>;
}

export function createKeyNotice({
  store,
  vault,
  clock,
  random,
  log,
}: Pick<HubParts, 'store' | 'vault' | 'clock' | 'random' | 'log'>): KeyNotice {
  const name = `${PREFIX}${random.uuid()}`;
  let said: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let saying: Promise<void> = Promise.resolve();

  async function others(): Promise<string[][]> {
    const leases = await store.leases(PREFIX, clock.now());
    return leases.flatMap((lease) => (lease.name === name ? [] : [lease.owner.split(SEPARATOR)]));
  }

  async function say(): Promise<void> {
    const ids = vault.keyIds.join(SEPARATOR);
    if (said !== null && said !== ids) await store.releaseLease(name, said);
    said = ids;
    const nowMs = clock.now();
    await store.acquireLease(name, ids, nowMs + LEASE_MS, nowMs);
    vault.sealWith(await commonKey());
  }

  async function commonKey(): Promise<string> {
    const known = await others();
    return vault.keyIds.find((id) => known.every((ids) => ids.includes(id))) ?? vault.newestKeyId;
  }

  function renew(): Promise<void> {
    saying = saying.then(say, say);
    return saying;
  }

  /** A notice that failed is made again in time; until then the last one holds. */
  function renewQuietly(): void {
    renew().catch((error: unknown) => log.warn('keys not announced', { error: String(error) }));
  }

  return {
    renew,
    others,
    start() {
      renewQuietly();
      timer = setInterval(renewQuietly, RENEW_EVERY_MS);
      timer.unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      await saying.catch(() => undefined);
      if (said !== null) await store.releaseLease(name, said).catch(() => undefined);
    },
  };
}
