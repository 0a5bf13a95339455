/** Replay: dead letters through the adapters as they are now. */
import { HubError } from '../error/hub-error.ts';
import type { SplitResult } from '../provider/envelope.ts';
import { INBOX_OWNER } from '../store/blob-store.ts';
import type { DeadLetter, DeliveryContext, NewDelivery } from '../store/inbox-store.ts';
import { type FetchPayload, fetchJob } from './fetch-job.ts';
import type { ReplayOutcome } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { envelopeView } from './ingest.ts';
import { getBytes, putBytes } from './stored-bytes.ts';

export type ReplayParts = Pick<HubParts, 'store' | 'blobs' | 'plugins' | 'queue' | 'adapterPool' | 'clock'>;

/** What would come of a replay. */
type Trial = { ok: true; foreseen: string } | { ok: false; reason: string };

const UNREADABLE = { ok: false, reason: 'The adapter still cannot read it; it stays a dead letter.' } as const;
const GONE = { ok: false, reason: 'The envelope it is about is not stored any more.' } as const;

function payloadOf(letter: DeadLetter): FetchPayload {
  return letter.replay.payload as FetchPayload;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** `2 activity, 1 sleep.` */
function kindsOf(claims: readonly { kind: string }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of claims) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`);
  return parts.length === 0 ? 'It says nothing the hub keeps.' : `${parts.join(', ')}.`;
}

/** Nothing is fetched with an authorisation that has ended. */
async function fetchTrial(parts: ReplayParts, letter: DeadLetter): Promise<Trial> {
  const { connectionId, generation } = payloadOf(letter);
  const row = await parts.store.connection(connectionId);
  if (row?.generation === generation && row.state === 'connected') {
    return { ok: true, foreseen: 'It would be fetched again.' };
  }
  const reason =
    'The connection it was asked for has ended since. Ask the provider to send it to the present one, or backfill its time.';
  return { ok: false, reason };
}

/** @param unread how many items of it could not be read when the letter was written. */
function splitTrial({ envelopes, notices, problems }: SplitResult, unread: number): Trial {
  const isRead =
    unread === 1 ? envelopes.length + notices.length > 0 || problems.length === 0 : problems.length < unread;
  if (!isRead) return UNREADABLE;
  const read = `${counted(envelopes.length, 'envelope')}, ${counted(notices.length, 'notice')}`;
  return { ok: true, foreseen: problems.length === 0 ? `${read}.` : `${read}, ${problems.length} not readable.` };
}

/** What the present adapter makes of a letter, without writing. */
async function trial(parts: ReplayParts, letter: DeadLetter): Promise<Trial> {
  const provider = parts.plugins.provider(letter.plugin);
  if (letter.stage === 'fetch') return fetchTrial(parts, letter);
  if (letter.stage === 'split') {
    const bytes = await getBytes(parts.blobs, INBOX_OWNER, letter);
    const context = (letter.replay.context ?? null) as DeliveryContext | null;
    // Answers to a fetch may name no account: it is that of the connection they were fetched for.
    const connection = letter.connectionId === null ? null : await parts.store.connection(letter.connectionId);
    if (provider.adapter.webhook === undefined) return UNREADABLE;
    const split = await parts.adapterPool.split(provider, provider.adapter.webhook, {
      route: letter.replay.route as NewDelivery['route'],
      headers: (letter.replay.headers ?? {}) as { [name: string]: string },
      bytes,
      ref: context?.ref ?? {},
      identity: connection?.identity ?? null,
    });
    return splitTrial(split, Number(letter.replay.unread ?? 1));
  }
  const envelope = letter.envelopeId === null ? null : await parts.store.envelope(letter.envelopeId);
  if (envelope === null) return GONE;
  const bytes = await getBytes(parts.blobs, envelope.athleteId, envelope);
  const { claims } = await parts.adapterPool.normalise(provider, envelopeView(envelope, bytes));
  return { ok: true, foreseen: kindsOf(claims) };
}

/** False when what it is about has gone since the trial. */
async function run(parts: ReplayParts, letter: DeadLetter): Promise<boolean> {
  if (letter.stage === 'fetch') {
    await parts.queue.enqueue([fetchJob(payloadOf(letter))]);
  } else if (letter.stage === 'normalise') {
    if (letter.envelopeId === null || !(await parts.store.reopenEnvelope(letter.envelopeId))) return false;
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
      repeatsId: (letter.replay.repeatsId ?? null) as number | null,
      repeatsPlace: (letter.replay.repeatsPlace ?? null) as number | null,
    });
  }
  await parts.store.markReplayed(letter.id, parts.clock.now());
  return true;
}

export async function replayLetter(parts: ReplayParts, letter: DeadLetter, dryRun: boolean): Promise<ReplayOutcome> {
  const { id } = letter;
  if (letter.replayedAtMs !== null) {
    return { id, outcome: 'already_replayed', detail: 'What still fails has a letter of its own.' };
  }
  try {
    const tried = await trial(parts, letter);
    if (!tried.ok) return { id, outcome: 'failed', detail: tried.reason };
    if (dryRun) return { id, outcome: 'would_replay', detail: tried.foreseen };
    if (!(await run(parts, letter))) return { id, outcome: 'failed', detail: GONE.reason };
    return { id, outcome: 'replayed', detail: tried.foreseen };
  } catch (error) {
    const detail = error instanceof HubError ? error.message : 'The adapter failed; it stays a dead letter.';
    return { id, outcome: 'failed', detail };
  }
}
