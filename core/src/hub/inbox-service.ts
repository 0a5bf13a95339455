/** The inbox at work: deliveries are split, envelopes read, claims handed on, in the background and after a crash. */
import { failureReport } from '../error/failure-report.ts';
import { HubError } from '../error/hub-error.ts';
import { outcomeOf } from '../metrics/outcome-of.ts';
import type { DeadLetter, Delivery, Envelope, LetterFilter } from '../store/inbox-store.ts';
import { acceptDelivery, knownHook } from './accept-delivery.ts';
import { createBackPressure, isLargeRequest } from './back-pressure.ts';
import { byAthlete } from './by-athlete.ts';
import { createPump } from './coalesce.ts';
import type { InboxService, ReplayOutcome } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { ingestEnvelope, isTransient } from './ingest.ts';
import { replayLetter } from './replay.ts';
import { buryDelivery, type SplitHooks, splitDelivery } from './split-delivery.ts';

const DELIVERIES_PER_PASS = 50;
const ENVELOPES_PER_PASS = 100;
/** Longest a pass waits for requests that are being answered, ms: a vendor's deadline comes first, but not for ever. */
const YIELD_MS = 250;
const YIELD_STEP_MS = 5;
/** Pause after a pass that met a busy database or failed without a reason of its own, ms. */
const RETRY_MS = 1_000;
const LIST_LIMIT = 200;

type Listed = { id: number; letter: DeadLetter | null };

function stopping(): HubError {
  return new HubError('busy', {
    what: 'A delivery was not split.',
    why: 'The hub is shutting down.',
    fix: 'It is kept, and split at the next start.',
  });
}

export interface Inbox {
  service: InboxService;
  wake(): void;
  start(): void;
  stop(): Promise<void>;
}

export function createInbox(parts: HubParts, hooks: SplitHooks): Inbox {
  const { store, log, meter } = parts;
  const backPressure = createBackPressure(parts);
  let started = false;
  let stopped = false;
  let again: NodeJS.Timeout | null = null;

  async function bury(envelope: Envelope, error: unknown): Promise<void> {
    const hubError = error instanceof HubError ? error : null;
    log.warn('envelope not read', {
      envelopeId: envelope.id,
      plugin: envelope.plugin,
      code: hubError?.code ?? 'normalise_failed',
    });
    await store.failEnvelope(envelope.id, {
      plugin: envelope.plugin,
      stage: 'normalise',
      code: hubError?.code ?? 'normalise_failed',
      detail:
        hubError?.message ?? 'The adapter failed on this envelope. It is kept; replay it once the adapter is fixed.',
      athleteId: envelope.athleteId,
      connectionId: envelope.connectionId,
      body: null,
      blobSha256: null,
      envelopeId: envelope.id,
      replay: {},
      atMs: parts.clock.now(),
    });
  }

  async function ingestAthlete(envelopes: Envelope[]): Promise<void> {
    for (const envelope of envelopes) {
      if (stopped) return;
      const told = (outcome: string) => meter.count('coach_envelopes_total', { plugin: envelope.plugin, outcome });
      try {
        await ingestEnvelope(parts, envelope);
        told('done');
      } catch (error) {
        told(isTransient(error) ? 'again' : 'dead');
        if (isTransient(error)) throw error;
        await bury(envelope, error);
      }
    }
  }

  let accepting = 0;
  let accepted = 0;
  let acceptedBefore = 0;

  /** Lets requests go first, for a while: those that wait for their answer, and the next ones of a sender amid many. */
  async function letAnswersGoFirst(): Promise<void> {
    const isBusy = () => accepting > 0 || accepted !== acceptedBefore;
    for (let waitedMs = 0; isBusy() && waitedMs < YIELD_MS; waitedMs += YIELD_STEP_MS) {
      acceptedBefore = accepted;
      await new Promise((resolve) => setTimeout(resolve, YIELD_STEP_MS));
    }
  }

  /**
   * What was acknowledged before an authorisation ended is read before it ends: of an ended one nothing lands any more.
   * A crash in between, or a busy hub, must not decide how much of an athlete's history is kept.
   */
  const orderly: SplitHooks = {
    ...hooks,
    async deauthorised(plugin, identity) {
      for (;;) {
        const waiting = await store.nextEnvelopes(ENVELOPES_PER_PASS);
        if (waiting.length === 0) break;
        if (stopped) throw stopping();
        await byAthlete(waiting, ingestAthlete);
      }
      await hooks.deauthorised(plugin, identity);
    },
  };

  /** One that cannot be split is set aside: the next ones are somebody else's. */
  async function splitOne(delivery: Delivery): Promise<void> {
    try {
      await splitDelivery(parts, orderly, delivery);
    } catch (error) {
      if (isTransient(error)) throw error;
      await buryDelivery(parts, delivery, error);
    }
  }

  async function pass(): Promise<boolean> {
    await letAnswersGoFirst();
    const deliveries = await store.nextDeliveries(DELIVERIES_PER_PASS);
    for (const delivery of deliveries) {
      if (stopped) return false;
      await splitOne(delivery);
    }
    const envelopes = await store.nextEnvelopes(ENVELOPES_PER_PASS);
    await byAthlete(envelopes, ingestAthlete);
    return deliveries.length > 0 || envelopes.length > 0;
  }

  const pump = createPump(pass, (error) => {
    log.warn('inbox pass failed; it is run again', { error: failureReport(error) });
    again ??= setTimeout(() => {
      again = null;
      pump.wake();
    }, RETRY_MS);
    again.unref();
  });

  const wake = () => {
    if (started) pump.wake();
  };

  /** Passes and jobs feed each other: a fetched body is a delivery again. */
  async function idle(): Promise<void> {
    for (;;) {
      wake();
      await pump.idle();
      await parts.queue.idle();
      if ((await store.inboxLength()) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Every letter nobody has replayed, oldest first. Those that come meanwhile are left for the next time. */
  async function* unreplayed(filter: LetterFilter): AsyncGenerator<Listed> {
    const last = (await store.deadLetters({ limit: 1 }))[0]?.id ?? 0;
    for (let afterId = 0; afterId < last; ) {
      const page = await store.unreplayedLetters({ ...filter, afterId, limit: LIST_LIMIT });
      for (const letter of page) if (letter.id <= last) yield { id: letter.id, letter };
      afterId = page.at(-1)?.id ?? last;
    }
  }

  /** Letters by id, oldest first. */
  async function* named(ids: number[]): AsyncGenerator<Listed> {
    for (const id of [...ids].sort((a, b) => a - b)) yield { id, letter: await store.deadLetter(id) };
  }

  /** Plugins by name only where there is one: callers choose the address. */
  function countAccepted(pluginId: string, outcome: string): void {
    const isKnown = parts.plugins.infos.some(({ id }) => id === pluginId);
    meter.count('coach_webhooks_total', { plugin: isKnown ? pluginId : 'unknown', outcome });
  }

  const service: InboxService = {
    async accept(pluginId, secret, request) {
      // A large one takes seconds to come in; what is stored need not wait for it.
      const waits = isLargeRequest(request) ? 0 : 1;
      accepting += waits;
      try {
        const hook = knownHook(parts, pluginId, secret);
        const answer = await backPressure.admit(request, () => acceptDelivery(parts, hook, request));
        countAccepted(pluginId, 'accepted');
        return answer;
      } catch (error) {
        countAccepted(pluginId, outcomeOf(error));
        throw error;
      } finally {
        accepting -= waits;
        accepted += 1;
        wake();
      }
    },
    deadLetters: ({ limit, ...filter }) => store.deadLetters({ ...filter, limit: limit ?? LIST_LIMIT }),
    countLetters: (filter) => store.countLetters(filter),
    async deadLetter(id) {
      const letter = await store.deadLetter(id);
      if (letter !== null) return letter;
      throw new HubError('not_found', {
        what: `There is no dead letter ${id}.`,
        why: 'It was never stored, or its retention is over.',
        fix: 'List them with "coach inbox list".',
      });
    },
    async replay({ ids, ...filter }, { dryRun }) {
      const outcomes: ReplayOutcome[] = [];
      for await (const { id, letter } of ids === undefined ? unreplayed(filter) : named(ids)) {
        if (letter === null) outcomes.push({ id, outcome: 'not_found', detail: null });
        else outcomes.push(await replayLetter(parts, letter, dryRun));
      }
      wake();
      return outcomes;
    },
    counts: () => store.inboxCounts(),
    idle,
  };

  return {
    service,
    wake,
    start() {
      started = true;
      pump.wake();
    },
    async stop() {
      stopped = true;
      started = false;
      if (again !== null) clearTimeout(again);
      await pump.stop();
    },
  };
}
