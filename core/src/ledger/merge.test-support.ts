/** One athlete's hub in memory, spoken to in claims, mutations and plans, for the tests of the merge rules. */
import { REGISTRY } from '../model/registry.ts';
import { push } from '../sync/push.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import type { Mutation, MutationResult } from '../wire/sync.ts';
import { applyClaims } from './apply-claims.ts';
import { applyPlan, type PlanInput, type PlanOutcome } from './apply-plan.ts';
import { claim } from './claim.test-support.ts';
import type { Claim } from './claim.ts';
import { type MemoryStore, memoryStore } from './memory-store.test-support.ts';
import { reResolve } from './re-resolve.ts';
import { viewOf } from './view.ts';

export const NOON = Date.parse('2026-05-02T12:00:00.000Z');
const MINUTE_MS = 60_000;

export interface Seen {
  kind: string;
  id: string;
  rev: number;
  day: string | null;
  data: JsonObject;
  alt: { [field: string]: JsonObject };
}

export interface Said {
  /** Minutes after noon of 2 May 2026 UTC, on the phone's clock. */
  minutes?: number;
  phone?: string;
  /** When it reaches the hub; a moment after it was said. */
  arrivesMs?: number;
}

export class Ledger {
  readonly store: MemoryStore;
  readonly context;
  #ids = 0;
  #mids = 0;
  #receipts = 0;

  constructor(timeZone: string | null = 'UTC') {
    this.store = memoryStore(timeZone);
    this.context = { newId: (kind: string) => `${kind}_${String(this.#ids++).padStart(3, '0')}` };
  }

  /** A source's statement; of what it said before the newer counts. */
  async claims(...claims: Claim[]): Promise<void> {
    const numbered = claims.map((each) => ({ ...each, order: { ...each.order, receipt: ++this.#receipts } }));
    await applyClaims(
      this.store as never,
      { athleteId: 'a', claims: numbered, generations: [], envelopesDone: [] },
      this.context,
    );
  }

  /** The statement with exactly its own place in the order of receipt. */
  async claimAsIs(each: Claim): Promise<void> {
    await applyClaims(
      this.store as never,
      { athleteId: 'a', claims: [each], generations: [], envelopesDone: [] },
      this.context,
    );
  }

  async mutate(
    op: Mutation['op'],
    kind: Kind,
    id: string,
    set: JsonObject = {},
    { minutes = 0, phone = 'phone-a', arrivesMs }: Said = {},
  ): Promise<MutationResult> {
    const at = NOON + minutes * MINUTE_MS;
    const mutation: Mutation = { mid: `mid-${this.#mids++}`, stamp: `${at}:0000`, kind, id, op, set };
    const result = await this.push(mutation, phone, arrivesMs ?? at + 1_000);
    if (kind === 'settings' || kind === 'profile') await reResolve(this.store as never, 'a', this.context);
    return result;
  }

  /** One mutation as it travels. */
  async push(mutation: Mutation, clientId = 'phone-a', nowMs = NOON + 1_000): Promise<MutationResult> {
    const request = { epoch: null, batch: [mutation] };
    const input = { athleteId: 'a', clientId, schemaVersion: 1, request, nowMs };
    const response = await push(this.store as never, input, this.context);
    return response.results[0] as MutationResult;
  }

  plan(input: Partial<PlanInput> & Pick<PlanInput, 'workouts'>): Promise<PlanOutcome> {
    return applyPlan(
      this.store as never,
      {
        athleteId: 'a',
        engine: 'periodization',
        planKey: 'spring',
        readVersion: 0,
        plan: {},
        effectiveFrom: '2026-05-02',
        today: '2026-05-02',
        ...input,
      },
      this.context,
    );
  }

  /** What people see of a kind, oldest date first. */
  seen(kind: Kind): Seen[] {
    return [...this.store.stored.values()]
      .filter((object) => object.kind === kind && !object.deleted)
      .map(({ id, rev, day, data, alt }) => ({
        kind,
        id,
        rev,
        day,
        data: JSON.parse(data) as JsonObject,
        alt: alt === null ? {} : (JSON.parse(alt) as Seen['alt']),
      }))
      .sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? -1 : (a.day ?? '') > (b.day ?? '') ? 1 : a.id < b.id ? -1 : 1));
  }

  /** The one there is. */
  one(kind: Kind): Seen {
    const [first, ...rest] = this.seen(kind);
    if (first === undefined || rest.length > 0)
      throw new RangeError(`there are ${rest.length + (first ? 1 : 0)} of ${kind}`);
    return first;
  }

  /** Who decided each field. */
  async provenance(kind: Kind, id: string): Promise<JsonObject> {
    const object = this.store.stored.get(`${kind}/${id}`);
    const athlete = await this.store.athlete('a');
    if (object === undefined || athlete === null) throw new RangeError(`there is no ${kind} ${id}`);
    return viewOf(kind, object.state, REGISTRY[kind].fields, athlete).provenance;
  }
}

/** A statement of some kind by some provider's cloud. */
export function said(
  kind: Kind,
  provider: string,
  externalId: string,
  fields: JsonObject | null,
  more: Partial<Claim> = {},
): Claim {
  return claim(fields, {
    kind,
    provider,
    connectionId: `connection-${provider}`,
    externalId,
    form: 'summary',
    origin: 'vendor',
    ...more,
  });
}
