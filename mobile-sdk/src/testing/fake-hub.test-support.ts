/**
 * A hub in memory that keeps the sync protocol's promises, reached through `fetch` and without HTTP. One athlete,
 * any number of clients. It takes faults by name and records what it was asked.
 */
import {
  type Kind,
  MAX_STAMP_AHEAD_MS,
  type Mutation,
  type MutationResult,
  type PullChange,
  type PullResponse,
  type PushRequest,
  type PushResponse,
  type SyncRequest,
  type WireObject,
} from '@coach-hub/core/wire';
import type { Fetch } from '../index.ts';

interface Typed {
  value: unknown;
  stamp: string;
  clientId: string;
}

interface HubObject {
  kind: Kind;
  id: string;
  rev: number;
  day: string | null;
  deleted: boolean;
  outside: boolean;
  device: { [field: string]: unknown };
  typed: { [field: string]: Typed };
}

interface State {
  rev: number;
  objects: { [key: string]: HubObject };
  aliases: { [key: string]: { to: string; rev: number } };
  clients: { [clientId: string]: { ackSeq: number; mids: { [seq: string]: string } } };
  mutations: { [mid: string]: { result: MutationResult; body: string } };
}

/** A whole-request answer other than 200. */
export interface Refusal {
  status: number;
  code?: string;
  headers?: { [name: string]: string };
  [detail: string]: unknown;
}

/** Called before the hub works; what it returns or throws becomes the answer. `lose` works and answers nothing. */
export type Fault = (request: RecordedRequest) => Refusal | 'lose' | undefined;

export interface RecordedRequest {
  url: string;
  headers: { [name: string]: string };
  body: SyncRequest;
}

type Answer = Awaited<ReturnType<Fetch>>;

export type FakeHub = ReturnType<typeof createFakeHub>;

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

const keyOf = (kind: string, id: string) => `${kind}/${id}`;
const clone = <T>(value: T): T => structuredClone(value);

export function createFakeHub(clock: { now(): number }) {
  let state: State = { rev: 0, objects: {}, aliases: {}, clients: {}, mutations: {} };
  let epoch = 'ep_1';
  const requests: RecordedRequest[] = [];
  const heads = new Set<{ resolve(answer: Answer): void }>();
  const faults: Fault[] = [];
  const hub = {
    /** Objects a page may have, whatever the client asks for. */
    pageSize: 500,
    /** Answers results without the object, as the protocol allows. */
    terse: false,
    /** Says of every mutation that its mid was used for another. */
    takesNoMid: false,
    /** Answers `epoch_mismatch` to a push that names another epoch than this hub's, null included. */
    strictEpoch: false,
    validTokens: new Set(['token']),
    durableSeq: 0,
    /** Cursors below it have expired. */
    floor: 0,
    /** Every request that came, oldest first. */
    requests,
    /** The first is for the next request, and so on. */
    faults,
    get state() {
      return state;
    },
    /** Questions about the head that are held open. */
    heads: () => heads.size,
    /** Answers them: by the present rev, or by a failure. */
    poke(status = 200): void {
      for (const { resolve } of heads) resolve(answer(status, { epoch, rev: state.rev }));
      heads.clear();
    },
    fetch: (async (url, init) => {
      if (init.body === undefined) return await holdHead(init.signal);
      const request: RecordedRequest = { url, headers: init.headers, body: JSON.parse(init.body) };
      requests.push(clone(request));
      if (init.signal.aborted) throw new Error('aborted');
      const fault = faults.shift()?.(request);
      if (typeof fault === 'object') return answer(fault.status, fault, fault.headers);
      const before = clone(state);
      try {
        const body = handle(request);
        if (fault === 'lose') throw new TypeError('network connection was lost');
        return answer(200, body);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        state = before;
        return answer(error.refusal.status, error.refusal, error.refusal.headers);
      }
    }) as Fetch,

    // What the rest of the hub does to the athlete's objects.
    /** A device's record: creates or changes an object outside of any client. */
    device(kind: Kind, id: string, device: { [field: string]: unknown }, day: string | null = '2026-03-01'): void {
      const object = objectFor(kind, id);
      Object.assign(object.device, device);
      object.day = day;
      object.rev = ++state.rev;
    },
    remove(kind: Kind, id: string): void {
      const object = objectFor(kind, id);
      object.deleted = true;
      object.rev = ++state.rev;
    },
    /** Deletes without leaving a tombstone, as after compaction. */
    removeWithoutTrace(kind: Kind, id: string): void {
      delete state.objects[keyOf(kind, id)];
      state.rev += 1;
    },
    moveOutOfWindow(kind: Kind, id: string): void {
      const object = objectFor(kind, id);
      object.outside = true;
      object.rev = ++state.rev;
    },
    /** `oldId` turns out to be `id`: layers move over, the old id becomes an alias. */
    join(kind: Kind, oldId: string, id: string): void {
      const old = objectFor(kind, oldId);
      const object = objectFor(kind, id);
      object.typed = { ...old.typed, ...object.typed };
      object.rev = ++state.rev;
      delete state.objects[keyOf(kind, oldId)];
      state.aliases[keyOf(kind, oldId)] = { to: id, rev: ++state.rev };
    },
    view(kind: Kind, id: string): WireObject | null {
      const object = state.objects[keyOf(kind, presentId(kind, id))];
      return object && !object.deleted ? viewOf(object) : null;
    },
    backup(): () => void {
      const copy = clone(state);
      return () => {
        state = clone(copy);
        epoch = `${epoch}r`;
      };
    },
  };

  function holdHead(signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const held = { resolve };
      heads.add(held);
      signal.addEventListener('abort', () => {
        heads.delete(held);
        reject(new Error('aborted'));
      });
    });
  }

  function answer(status: number, body: unknown, headers: { [name: string]: string } = {}) {
    return {
      status,
      headers: { get: (name: string) => headers[name] ?? null },
      text: async () => JSON.stringify(body),
    };
  }

  function handle({ headers, body }: RecordedRequest) {
    const token = /^Bearer (.+)$/.exec(headers.Authorization ?? '')?.[1];
    if (token === undefined || !hub.validTokens.has(token)) throw new Refused({ status: 401, code: 'token_expired' });
    if (headers['Sync-Protocol'] !== '1' || headers['Sync-Schema'] !== '1') throw new Refused({ status: 426 });
    const clientId = headers['Sync-Client']!;
    return {
      serverTime: new Date(clock.now()).toISOString(),
      ...(body.push && { push: push(clientId, body.push) }),
      ...(body.pull && { pull: pull(body.pull) }),
    };
  }

  function presentId(kind: Kind, id: string): string {
    return state.aliases[keyOf(kind, id)]?.to ?? id;
  }

  function objectFor(kind: Kind, id: string): HubObject {
    const key = keyOf(kind, id);
    state.objects[key] ??= { kind, id, rev: 0, day: null, deleted: false, outside: false, device: {}, typed: {} };
    return state.objects[key];
  }

  function viewOf({ kind, id, rev, day, device, typed }: HubObject): WireObject {
    const data: { [field: string]: unknown } = {};
    const alt: { [field: string]: unknown } = {};
    for (const [field, { value }] of Object.entries(typed)) {
      if (field in device && value !== device[field]) alt[field] = { athlete: value };
      else if (value !== null) data[field] = value;
    }
    Object.assign(data, device);
    const view = { kind, id, rev, day, data, ...(Object.keys(alt).length > 0 && { alt }) };
    return clone(view) as WireObject;
  }

  function push(clientId: string, { epoch: theirs, batch }: PushRequest): PushResponse {
    if (batch.length > 500 || JSON.stringify(batch).length > 256 * 1024) {
      throw new Refused({ status: 413, code: 'payload_too_large' });
    }
    if (batch.some((mutation) => mutation.set && 'poison' in mutation.set)) {
      throw new Refused({ status: 400, code: 'bad_request', detail: 'A mutation is unreadable.' });
    }
    if (!state.clients[clientId]) state.clients[clientId] = { ackSeq: 0, mids: {} };
    const client = state.clients[clientId];
    if (theirs !== epoch && (theirs !== null || hub.strictEpoch)) {
      throw new Refused({ status: 409, code: 'epoch_mismatch', epoch, ackSeq: client.ackSeq });
    }
    const results = batch.map((mutation) => {
      const seq = mutation.seq!;
      if (seq <= client.ackSeq && client.mids[seq] !== mutation.mid) {
        throw new Refused({ status: 409, code: 'client_forked' });
      }
      if (seq > client.ackSeq + 1) throw new Refused({ status: 409, code: 'seq_gap', expected: client.ackSeq + 1 });
      const result = settle(clientId, mutation);
      client.ackSeq = Math.max(client.ackSeq, seq);
      client.mids[seq] = mutation.mid;
      return result;
    });
    return {
      ackSeq: client.ackSeq,
      durableSeq: hub.durableSeq,
      results: results.map((result, i) => withObject(result, batch[i]!)),
    };
  }

  function withObject(result: MutationResult, { kind, id }: Mutation): MutationResult {
    const now = presentId(kind, id);
    const object = state.objects[keyOf(kind, now)];
    return {
      ...result,
      ...(now !== id && { aliasOf: now }),
      ...(!hub.terse && object && !object.deleted && { object: { ...viewOf(object), provenance: {} } }),
    };
  }

  function settle(clientId: string, mutation: Mutation): MutationResult {
    const { seq, ...body } = mutation;
    const text = JSON.stringify(body);
    const known = state.mutations[mutation.mid];
    if (hub.takesNoMid || (known && known.body !== text))
      return { seq, mid: mutation.mid, status: 'rejected', code: 'mid_reused' };
    if (known) {
      const { status, ...rest } = known.result;
      return { ...rest, seq, status: 'duplicate', originalStatus: status as 'applied' };
    }
    const result: MutationResult = { seq, mid: mutation.mid, ...apply(clientId, mutation) };
    state.mutations[mutation.mid] = { result, body: text };
    return result;
  }

  function apply(clientId: string, mutation: Mutation): Omit<MutationResult, 'mid'> {
    const { kind, op, set = {}, unset = [] } = mutation;
    const id = presentId(kind, mutation.id);
    const existing = state.objects[keyOf(kind, id)];
    if (typeof set.rpe === 'number' && set.rpe > 10) {
      return { status: 'rejected', code: 'invalid_value', detail: 'rpe is 1 to 10.' };
    }
    if (set.type === 'superseded') return { status: 'superseded' };
    if (!existing && op !== 'put') return { status: 'rejected', code: 'not_found' };
    if (existing?.deleted && op !== 'restore' && op !== 'delete') return { status: 'rejected', code: 'gone' };
    const object = objectFor(kind, id);
    const stamp = clamp(mutation.stamp);
    const fields: { [field: string]: 'kept_device' | 'kept_newer' } = {};
    for (const [field, value] of [...Object.entries(set), ...unset.map((field) => [field, null] as const)]) {
      if (field in object.device) fields[field] = 'kept_device';
      const held = object.typed[field];
      if (held && `${held.stamp} ${held.clientId}` > `${stamp} ${clientId}`) fields[field] = 'kept_newer';
      else object.typed[field] = { value, stamp, clientId };
    }
    if (typeof set.day === 'string') object.day = set.day;
    else if (typeof set.startedAt === 'string') object.day = set.startedAt.slice(0, 10);
    if (op === 'delete') object.deleted = true;
    if (op === 'restore') object.deleted = false;
    object.rev = ++state.rev;
    const merged = Object.keys(fields).length > 0;
    return { status: merged ? 'merged' : 'applied', rev: object.rev, ...(merged && { fields }) };
  }

  function clamp(stamp: string): string {
    const ahead = Number.parseInt(stamp, 10) > clock.now() + MAX_STAMP_AHEAD_MS;
    return ahead ? `${clock.now()}:0000` : stamp;
  }

  function pull({ cursor, limit = 500 }: { cursor: string | null; limit?: number }): PullResponse {
    const size = Math.min(limit, hub.pageSize);
    const [mode, theirEpoch, rev, after] = cursor?.split('|') ?? [];
    if (mode === undefined) return snapshot('first', state.rev, '', size);
    if (theirEpoch !== epoch || Number(rev) > state.rev) return snapshot('epoch_changed', state.rev, '', size);
    if (Number(rev) < hub.floor) return snapshot('cursor_expired', state.rev, '', size);
    return mode === 's' ? snapshot(undefined, Number(rev), after!, size) : delta(Number(rev), size);
  }

  function snapshot(
    reason: 'first' | 'epoch_changed' | 'cursor_expired' | undefined,
    startRev: number,
    after: string,
    size: number,
  ): PullResponse {
    const rest = Object.entries(state.objects)
      .filter(([key, object]) => key > after && !object.deleted && !object.outside)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = rest.slice(0, size);
    const hasMore = rest.length > size;
    const cursor = hasMore ? `s|${epoch}|${startRev}|${page.at(-1)![0]}` : `d|${epoch}|${startRev}`;
    const changes = page.map(([, object]): PullChange => ({ op: 'put', ...viewOf(object) }));
    return { mode: 'snapshot', ...(reason && { reason }), cursor, hasMore, head: state.rev, acks: acks(), changes };
  }

  function delta(after: number, size: number): PullResponse {
    const objects = Object.values(state.objects).map((object): PullChange => {
      const { kind, id, rev } = object;
      if (object.deleted) return { op: 'delete', kind, id, rev };
      return object.outside ? { op: 'evict', kind, id, rev } : { op: 'put', ...viewOf(object) };
    });
    const aliases = Object.entries(state.aliases).map(([key, { to, rev }]): PullChange => {
      const [kind, id] = key.split('/') as [Kind, string];
      return { op: 'alias', kind, id, rev, to };
    });
    const changed = [...objects, ...aliases].filter((change) => change.rev > after).sort((a, b) => a.rev - b.rev);
    if (changed.length === 0) return { mode: 'none', head: state.rev };
    const changes = changed.slice(0, size);
    const hasMore = changed.length > size;
    const cursor = `d|${epoch}|${hasMore ? changes.at(-1)!.rev : state.rev}`;
    return { mode: 'delta', cursor, hasMore, head: state.rev, acks: acks(), changes };
  }

  function acks(): { [clientId: string]: number } {
    return Object.fromEntries(Object.entries(state.clients).map(([id, { ackSeq }]) => [id, ackSeq]));
  }

  return hub;
}
