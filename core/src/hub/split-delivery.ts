/**
 * Split: one delivery into envelopes, notices and dead letters, stored in one transaction that drops the delivery.
 * Whose account an item names decides whose it is; an identity no connection has is counted and left out.
 */
import { createHash } from 'node:crypto';
import { HubError } from '../error/hub-error.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { Notice, SplitEnvelope, SplitProblem, SplitResult } from '../provider/envelope.ts';
import { INBOX_OWNER } from '../store/blob-store.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Delivery, NewDeadLetter, NewEnvelope, NewNotice, SplitWrite } from '../store/inbox-store.ts';
import { type FetchPayload, fetchJob, noticeBinding } from './fetch-job.ts';
import type { HubParts } from './hub-parts.ts';
import { isTransient } from './ingest.ts';
import { refusedFetch } from './refused-fetch.ts';
import { getBytes, putBytes } from './stored-bytes.ts';

export type SplitParts = Pick<
  HubParts,
  'store' | 'blobs' | 'bytesGate' | 'plugins' | 'adapterPool' | 'egress' | 'vault' | 'clock' | 'log'
>;

/** What a split asks other services for, before its delivery is dropped. */
export interface SplitHooks {
  deauthorised(plugin: string, identity: string): Promise<void>;
  permissionsChanged(plugin: string, identity: string, permissions: string[]): Promise<void>;
  /** The provider deleted a thing: every form of it is withdrawn, with this place in the order of receipt. */
  withdraw(connection: ConnectionRow, stream: string, externalId: string, receipt: number): Promise<void>;
}

/** Places one delivery has for items: receipt number = delivery id (the first, where it was repeated) × this + place. */
const PLACES = 2 ** 20;

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Letters one delivery gets at most; what has more unreadable items is kept whole, in one. */
const MAX_LETTERS = 1_000;

/** The plugin, or null while it is missing or set aside: its deliveries wait as dead letters. */
function providerOf(parts: SplitParts, plugin: string): LoadedProvider | null {
  try {
    return parts.plugins.provider(plugin);
  } catch {
    return null;
  }
}

/** A part of a delivery that could not be read, in one letter. `items`: how many that are; absent: one. */
type UnreadPart = SplitProblem & { items?: number };

type Split = Omit<SplitResult, 'problems'> & { problems: UnreadPart[] };

/** @throws HubError `busy` while the hub is closing: the delivery stays. */
async function splitSafely(
  parts: SplitParts,
  provider: LoadedProvider | null,
  delivery: Delivery,
  bytes: Uint8Array,
  identity: string | null,
): Promise<Split> {
  const { route, headers, context } = delivery;
  const webhook = provider?.adapter.webhook;
  if (!provider || webhook === undefined) return unreadAsAWhole('The plugin is not there to read it.', bytes);
  const view = { route, headers, bytes, ref: context?.ref ?? {}, identity };
  try {
    const split = await parts.adapterPool.split(provider, webhook, view);
    if (split.problems.length <= MAX_LETTERS) return split;
    return { ...split, problems: [inOneLetter(split.problems, bytes)] };
  } catch (error) {
    if (isTransient(error)) throw error;
    // An adapter that throws must not stop the inbox: the whole delivery is one item nobody could read.
    const why = error instanceof HubError ? error.why : 'It threw something else than an error.';
    return unreadAsAWhole(`The adapter failed on the delivery as a whole. ${why}`, bytes);
  }
}

function unreadAsAWhole(what: string, bytes: Uint8Array): SplitResult {
  return { envelopes: [], notices: [], problems: [{ at: '', what, bytes }] };
}

/** A replay splits the whole delivery again: items that were read are known by then, and change nothing. */
function inOneLetter(problems: SplitProblem[], bytes: Uint8Array): UnreadPart {
  const [first] = problems;
  const { length: items } = problems;
  return { at: '', what: `${items} items cannot be read, the first at ${first?.at}: ${first?.what}`, bytes, items };
}

/** Connections an identity stands for; answers to a fetch belong to the connection that was asked for alone. */
async function ownersOf(
  parts: SplitParts,
  delivery: Delivery,
  identity: string,
  cache: Map<string, ConnectionRow[]>,
): Promise<ConnectionRow[]> {
  const known = cache.get(identity);
  if (known !== undefined) return known;
  const all = await parts.store.connectionsByIdentity(delivery.plugin, identity);
  const { context } = delivery;
  const owners =
    context === null
      ? all
      : all.filter((row) => row.connectionId === context.connectionId && row.generation === context.generation);
  cache.set(identity, owners);
  return owners;
}

async function envelopesFor(
  parts: SplitParts,
  delivery: Delivery,
  item: SplitEnvelope,
  place: number,
  owners: ConnectionRow[],
  scrub: ProviderAdapter['scrub'],
): Promise<NewEnvelope[]> {
  const bytes = scrub === undefined ? item.bytes : scrub(item.stream, item.bytes);
  const sha256 = sha256Hex(bytes);
  return Promise.all(
    owners.map(async (owner) => ({
      athleteId: owner.athleteId,
      plugin: delivery.plugin,
      connectionId: owner.connectionId,
      generation: owner.generation,
      stream: item.stream,
      externalId: item.externalId,
      sha256,
      ...(await putBytes(parts.blobs, owner.athleteId, bytes)),
      bytes: bytes.length,
      receivedAtMs: delivery.receivedAtMs,
      ref: item.ref,
      place,
    })),
  );
}

function fetchNotice(
  parts: SplitParts,
  delivery: Delivery,
  notice: Extract<Notice, { type: 'fetch' }>,
  owner: ConnectionRow,
): NewNotice {
  const sha256 = sha256Hex(JSON.stringify([notice.stream, notice.url]));
  const { plugin, receivedAtMs } = delivery;
  const { athleteId, connectionId, generation } = owner;
  const payload: FetchPayload = {
    plugin,
    connectionId,
    generation,
    athleteId,
    stream: notice.stream,
    sealedUrl: parts.vault.seal(notice.url, noticeBinding(connectionId, sha256)),
    singleUse: notice.singleUse,
    ref: notice.ref,
    noticeSha256: sha256,
  };
  // One that leads elsewhere by its letters alone needs no job to be refused.
  const refusal = parts.egress.refusalOf(notice.url, { allowedHosts: parts.egress.hostsOf(plugin) });
  const outcome = refusal ? refusedFetch(payload, refusal, parts.clock.now()) : { job: fetchJob(payload) };
  return { plugin, athleteId, connectionId, generation, sha256, outcome, receivedAtMs };
}

async function letterOf(
  parts: SplitParts,
  delivery: Delivery,
  problem: UnreadPart,
  place: number,
): Promise<NewDeadLetter> {
  const at = problem.at === '' ? 'the delivery' : problem.at;
  return {
    plugin: delivery.plugin,
    stage: 'split',
    code: 'delivery_unsplittable',
    detail: `${at}: ${problem.what} It is kept; replay it once the adapter reads it.`,
    athleteId: delivery.context?.athleteId ?? null,
    connectionId: delivery.context?.connectionId ?? null,
    ...(await putBytes(parts.blobs, INBOX_OWNER, problem.bytes)),
    envelopeId: null,
    replay: replayOf(delivery, place, problem.items),
    atMs: parts.clock.now(),
    ...(delivery.context === null ? {} : { generation: delivery.context.generation }),
  };
}

/**
 * What a replay needs to give the bytes of a delivery, or of one item of it, to the adapter again in the old place.
 *
 * @param unread items of those bytes that could not be read.
 */
function replayOf({ id, repeatsId, repeatsPlace, route, headers, context }: Delivery, place: number, unread = 1) {
  return { route, headers, context, repeatsId: repeatsId ?? id, repeatsPlace: (repeatsPlace ?? 0) + place, unread };
}

/** Places of the items that were read and of those that were not, in the order of the delivery. */
function placesOf({ envelopes, problems }: Split): { envelopes: number[]; problems: number[] } {
  const before = problems.map(({ after }) => Math.min(after ?? 0, envelopes.length)).sort((a, b) => a - b);
  const places = { envelopes: [] as number[], problems: [] as number[] };
  let passed = 0;
  for (let at = 0; at <= envelopes.length; at++) {
    while ((before[passed] ?? Number.POSITIVE_INFINITY) <= at) places.problems.push(at + passed++);
    if (at < envelopes.length) places.envelopes.push(at + passed);
  }
  return places;
}

/** Drops a delivery that cannot be split, so that it stops nobody else; it is kept whole as a dead letter. */
export async function buryDelivery(parts: SplitParts, delivery: Delivery, error: unknown): Promise<void> {
  const known = error instanceof HubError ? error : null;
  const code = known?.code ?? 'delivery_unsplittable';
  parts.log.warn('delivery not split', { deliveryId: delivery.id, plugin: delivery.plugin, code });
  const letter: NewDeadLetter = {
    plugin: delivery.plugin,
    stage: 'split',
    code,
    detail: known?.message ?? 'The hub failed on the delivery as a whole. It is kept; replay it once that is fixed.',
    athleteId: delivery.context?.athleteId ?? null,
    connectionId: delivery.context?.connectionId ?? null,
    body: delivery.body,
    blobSha256: delivery.blobSha256,
    envelopeId: null,
    replay: replayOf(delivery, 0),
    atMs: parts.clock.now(),
    ...(delivery.context === null ? {} : { generation: delivery.context.generation }),
  };
  await parts.store.splitDelivery({
    deliveryId: delivery.id,
    envelopes: [],
    notices: [],
    deadLetters: [letter],
    unknownIdentities: 0,
  });
}

/** Splits one delivery and stores the outcome. Returns how many envelopes are new. */
export async function splitDelivery(parts: SplitParts, hooks: SplitHooks, delivery: Delivery): Promise<number> {
  const provider = providerOf(parts, delivery.plugin);
  const bytes = await getBytes(parts.blobs, INBOX_OWNER, delivery);
  const asked = delivery.context?.connectionId ?? null;
  const identity = asked === null ? null : ((await parts.store.connection(asked))?.identity ?? null);
  const split = await splitSafely(parts, provider, delivery, bytes, identity);
  const write: SplitWrite = {
    deliveryId: delivery.id,
    envelopes: [],
    notices: [],
    deadLetters: [],
    unknownIdentities: 0,
  };
  const numbered = delivery.repeatsId ?? delivery.id;
  const cache = new Map<string, ConnectionRow[]>();
  const places = placesOf(split);
  const owned: { item: SplitEnvelope; place: number; owners: ConnectionRow[] }[] = [];
  for (const [at, item] of split.envelopes.entries()) {
    const owners = await ownersOf(parts, delivery, item.identity, cache);
    if (owners.length === 0) write.unknownIdentities += 1;
    owned.push({ item, place: places.envelopes[at] ?? at, owners });
  }
  for (const [place, notice] of split.notices.entries()) {
    if (notice.type === 'deauthorised') await hooks.deauthorised(delivery.plugin, notice.identity);
    else if (notice.type === 'permissions')
      await hooks.permissionsChanged(delivery.plugin, notice.identity, notice.permissions);
    else {
      const owners = await ownersOf(parts, delivery, notice.identity, cache);
      if (owners.length === 0) write.unknownIdentities += 1;
      for (const owner of owners) {
        if (notice.type === 'fetch') write.notices.push(fetchNotice(parts, delivery, notice, owner));
        else await hooks.withdraw(owner, notice.stream, notice.externalId, numbered * PLACES + PLACES - 1 - place);
      }
    }
  }
  const unread = split.problems.toSorted((a, b) => (a.after ?? 0) - (b.after ?? 0));
  for (const [at, problem] of unread.entries()) {
    write.deadLetters.push(await letterOf(parts, delivery, problem, places.problems[at] ?? 0));
  }
  const athleteIds = owned.flatMap(({ owners }) => owners.map(({ athleteId }) => athleteId));
  const { envelopeIds } = await parts.bytesGate.storing(athleteIds, async () => {
    for (const { item, place, owners } of owned)
      write.envelopes.push(...(await envelopesFor(parts, delivery, item, place, owners, provider?.adapter.scrub)));
    return parts.store.splitDelivery(write);
  });
  return envelopeIds.length;
}
