/** Replay: dead letters through the adapters as they are now. */
import { HubError } from '../error/hub-error.ts';
import { INBOX_OWNER } from '../store/blob-store.ts';
import type { DeadLetter, DeliveryContext, NewDelivery } from '../store/inbox-store.ts';
import type { ReplayOutcome } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { envelopeView } from './ingest.ts';
import { getBytes, putBytes } from './stored-bytes.ts';

export type ReplayParts = Pick<HubParts, 'store' | 'blobs' | 'plugins' | 'queue' | 'normalisePool' | 'clock'>;

/** What the present adapter makes of a letter, without writing; null when it still cannot read it. */
async function trial(parts: ReplayParts, letter: DeadLetter): Promise<string | null> {
  const provider = parts.plugins.provider(letter.plugin);
  if (letter.stage === 'fetch') return 'It would be fetched again.';
  if (letter.stage === 'split') {
    const bytes = await getBytes(parts.blobs, INBOX_OWNER, letter);
    const context = (letter.replay.context ?? null) as DeliveryContext | null;
    // Answers to a fetch may name no account: it is that of the connection they were fetched for.
    const connection = letter.connectionId === null ? null : await parts.store.connection(letter.connectionId);
    const split = provider.adapter.webhook?.split({
      route: letter.replay.route as NewDelivery['route'],
      headers: (letter.replay.headers ?? {}) as { [name: string]: string },
      bytes,
      ref: context?.ref ?? {},
      identity: connection?.identity ?? null,
    });
    if (split === undefined || split.problems.length > 0) return null;
    return `${split.envelopes.length} envelopes and ${split.notices.length} notices.`;
  }
  const envelope = letter.envelopeId === null ? null : await parts.store.envelope(letter.envelopeId);
  if (envelope === null) return null;
  const bytes = await getBytes(parts.blobs, envelope.athleteId, envelope);
  const { claims } = await parts.normalisePool.normalise(provider, envelopeView(envelope, bytes));
  return `${claims.length} claims.`;
}

async function run(parts: ReplayParts, letter: DeadLetter): Promise<void> {
  if (letter.stage === 'fetch') {
    await parts.queue.enqueue([{ task: 'inbox.fetch', payload: letter.replay.payload as never }]);
  } else if (letter.stage === 'normalise') {
    await parts.store.reopenEnvelope(letter.envelopeId ?? 0);
  } else {
    const bytes = await getBytes(parts.blobs, INBOX_OWNER, letter);
    await parts.store.storeDelivery({
      plugin: letter.plugin,
      route: letter.replay.route as NewDelivery['route'],
      headers: (letter.replay.headers ?? {}) as { [name: string]: string },
      ...(await putBytes(parts.blobs, INBOX_OWNER, bytes)),
      bytes: bytes.length,
      receivedAtMs: parts.clock.now(),
      context: (letter.replay.context ?? null) as DeliveryContext | null,
    });
  }
  await parts.store.markReplayed(letter.id, parts.clock.now());
}

export async function replayLetter(parts: ReplayParts, letter: DeadLetter, dryRun: boolean): Promise<ReplayOutcome> {
  try {
    const foreseen = await trial(parts, letter);
    if (foreseen === null) {
      return { id: letter.id, outcome: 'failed', detail: 'The adapter still cannot read it; it stays a dead letter.' };
    }
    if (dryRun) return { id: letter.id, outcome: 'would_replay', detail: foreseen };
    await run(parts, letter);
    return { id: letter.id, outcome: 'replayed', detail: foreseen };
  } catch (error) {
    const detail = error instanceof HubError ? error.message : 'The adapter failed; it stays a dead letter.';
    return { id: letter.id, outcome: 'failed', detail };
  }
}
