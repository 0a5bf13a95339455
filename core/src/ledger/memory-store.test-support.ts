/** One athlete's objects in memory, for the ledger's own properties; the databases have their conformance suite. */
import type {
  AthleteChangeStore,
  AthleteWrite,
  Loaded,
  LoadRequest,
  SourcePriority,
  StoredObject,
} from '../store/athlete-change.ts';
import { objectKey } from './world.ts';

export interface MemoryStore extends Pick<AthleteChangeStore, 'withAthleteChange' | 'athlete'> {
  stored: Map<string, StoredObject>;
  /** As `ReadStore.objects`, without bounds. */
  objects(athleteId: string, kind: string): Promise<StoredObject[]>;
  aliases: Map<string, string>;
  connections: Loaded['connections'];
  rev(): number;
  /** Ids up to here are taken as known to a phone. */
  knownRev: number;
}

export function memoryStore(timeZone: string | null = 'UTC'): MemoryStore {
  const objects = new Map<string, StoredObject>();
  const aliases = new Map<string, string>();
  const clients = new Map<string, number>();
  const mutations: Loaded['mutations'] = new Map();
  const athlete = { athleteId: 'a', epochN: 0, rev: 0, floor: 0, timeZone, sourcePriority: {} as SourcePriority };

  function fill(loaded: Loaded, load: LoadRequest, store: MemoryStore): void {
    const take = (object: StoredObject) => {
      loaded.objects.set(objectKey(object.kind, object.id), { ...object, state: structuredClone(object.state) });
    };
    for (const { kind, id } of load.ids ?? []) {
      const target = aliases.get(objectKey(kind, id));
      if (target !== undefined) loaded.aliases.set(objectKey(kind, id), target);
      const object = objects.get(objectKey(kind, target ?? id));
      if (object !== undefined) take(object);
    }
    for (const object of objects.values()) {
      const { kind, startedAtMs, day, state } = object;
      const hit =
        load.claimKeys?.some((key) => Object.hasOwn(state.claims, key)) ||
        load.spans?.some(
          (span) =>
            span.kind === kind && startedAtMs !== null && startedAtMs >= span.fromMs && startedAtMs <= span.toMs,
        ) ||
        load.onward?.some((wanted) => wanted.kind === kind && day !== null && day >= wanted.fromDay) ||
        load.days?.some((wanted) => wanted.kind === kind && day !== null && wanted.days.includes(day));
      if (hit) take(object);
    }
    for (const mid of load.mids ?? []) {
      const known = mutations.get(mid);
      if (known !== undefined) loaded.mutations.set(mid, known);
    }
    if (load.client !== undefined) {
      const ackSeq = clients.get(load.client.clientId);
      loaded.client =
        ackSeq === undefined
          ? null
          : { athleteId: 'a', clientId: load.client.clientId, ackSeq, durableSeq: 0, servedRev: 0 };
    }
    for (const id of load.connectionIds ?? []) {
      const connection = store.connections.get(id);
      if (connection !== undefined) loaded.connections.set(id, connection);
    }
    loaded.knownRev = store.knownRev;
  }

  function write(change: AthleteWrite): void {
    const taken = new Set<number>();
    for (const { rev } of [...change.objects, ...change.aliases]) {
      if (rev <= athlete.rev || rev > change.rev || taken.has(rev)) throw new RangeError(`rev ${rev} is not free`);
      taken.add(rev);
    }
    if (change.rev !== athlete.rev + taken.size) throw new RangeError('a rev was left out');
    for (const { kind, oldId } of change.aliasesRemoved ?? []) aliases.delete(objectKey(kind, oldId));
    for (const { kind, oldId, objectId } of change.aliases) {
      objects.delete(objectKey(kind, oldId));
      aliases.set(objectKey(kind, oldId), objectId);
    }
    for (const object of change.objects) {
      if (aliases.has(objectKey(object.kind, object.id))) throw new RangeError(`${object.id} is an alias`);
      objects.set(objectKey(object.kind, object.id), structuredClone(object));
    }
    for (const { kind, id, state } of change.states ?? []) {
      const held = objects.get(objectKey(kind, id));
      if (held === undefined) throw new RangeError(`there is no ${id}`);
      held.state = structuredClone(state);
    }
    for (const mutation of change.mutations ?? []) mutations.set(mutation.mid, mutation);
    if (change.client !== undefined) clients.set(change.client.clientId, change.client.ackSeq);
    if (change.timeZone !== undefined) athlete.timeZone = change.timeZone;
    if (change.sourcePriority !== undefined) athlete.sourcePriority = change.sourcePriority;
    athlete.rev = change.rev;
  }

  const store: MemoryStore = {
    stored: objects,
    aliases,
    connections: new Map(),
    objects: async (_athleteId, kind) =>
      [...objects.values()].filter((object) => object.kind === kind && !object.deleted),
    athlete: async () => ({ ...athlete }),
    knownRev: 0,
    rev: () => athlete.rev,
    async withAthleteChange(_athleteId, load, decide) {
      const loaded: Loaded = {
        athlete: { ...athlete },
        objects: new Map(),
        aliases: new Map(),
        mutations: new Map(),
        serverEpoch: 'e',
        midBySeq: new Map(),
        client: null,
        knownRev: 0,
        connections: new Map(),
        envelopes: new Set(),
      };
      fill(loaded, load, store);
      for (let rounds = 0; rounds < 50; rounds++) {
        const step = decide(loaded);
        if (step.do === 'write') {
          if (step.write !== null) write(step.write);
          return step.result;
        }
        fill(loaded, step.load, store);
      }
      throw new RangeError('the decision never ended');
    },
  };
  return store;
}
