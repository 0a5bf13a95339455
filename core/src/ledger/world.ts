/** World: the objects one change works on, in memory, until the change is written. */
import { REGISTRY } from '../model/registry.ts';
import { isDay } from '../series/day.ts';
import type { Loaded, StoredObject } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import { ALONE, emptyState, type ObjectState } from './object-state.ts';
import { athleteRecordKey, recordKeyOf } from './record.ts';

export interface WorkingObject {
  kind: Kind;
  id: string;
  /** As it is in the store; null for one made in this change. */
  stored: StoredObject | null;
  state: ObjectState;
}

export interface World {
  loaded: Loaded;
  /** Keyed `kind/id`, by the id the object has in the store. */
  objects: Map<string, WorkingObject>;
  /** Record key → `kind/id` of the object that holds it now. */
  holder: Map<string, string>;
}

export function objectKey(kind: Kind, id: string): string {
  return `${kind}/${id}`;
}

/** Copies a state as deep as changes go; claims themselves are never changed in place. */
export function copyState(state: ObjectState): ObjectState {
  return {
    claims: { ...state.claims },
    layers: { ...state.layers },
    anchors: { ...state.anchors },
    context: state.context,
  };
}

export function openWorld(loaded: Loaded): World {
  const world: World = { loaded, objects: new Map(), holder: new Map() };
  addLoaded(world);
  return world;
}

/** Takes in objects that were loaded since. */
export function addLoaded(world: World): void {
  for (const [key, stored] of world.loaded.objects) {
    if (world.objects.has(key)) continue;
    const object: WorkingObject = { kind: stored.kind, id: stored.id, stored, state: copyState(stored.state) };
    world.objects.set(key, object);
    for (const claim of Object.values(stored.state.claims)) world.holder.set(recordKeyOf(claim), key);
    for (const [id, layer] of Object.entries(stored.state.layers)) {
      if (layer.created) world.holder.set(athleteRecordKey(stored.kind, id), key);
    }
  }
}

/** Follows an alias, those learnt in this change included. */
export function presentId(world: World, kind: Kind, id: string): string {
  return world.loaded.aliases.get(objectKey(kind, id)) ?? id;
}

export function findObject(world: World, kind: Kind, id: string): WorkingObject | undefined {
  return world.objects.get(objectKey(kind, presentId(world, kind, id)));
}

/** A new object, founded by a record under an id of its own. */
export function createObject(world: World, kind: Kind, id: string, record: string, byClient: boolean): WorkingObject {
  const state = emptyState();
  const { place } = REGISTRY[kind];
  if ((place === 'day' || place === 'night') && isDay(id)) state.context = { ...ALONE, day: id };
  // The age is set when the object is written; until then it is younger than everything stored.
  state.anchors[id] = { record, createdRev: Number.MAX_SAFE_INTEGER, byClient };
  const object: WorkingObject = { kind, id, stored: null, state };
  world.objects.set(objectKey(kind, id), object);
  world.holder.set(record, objectKey(kind, id));
  return object;
}

/** Hands the claims of one record to another object. */
export function moveRecord(world: World, from: WorkingObject, to: WorkingObject, recordKey: string): void {
  for (const [claimKey, claim] of Object.entries(from.state.claims)) {
    if (recordKeyOf(claim) !== recordKey) continue;
    delete from.state.claims[claimKey];
    to.state.claims[claimKey] = claim;
  }
  world.holder.set(recordKey, objectKey(to.kind, to.id));
}
