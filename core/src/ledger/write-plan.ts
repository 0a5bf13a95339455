/**
 * From planned objects to rows: views, texts and revs. Only a changed view takes a rev; a changed state alone is
 * written under the rev it has.
 */
import { fieldsOf } from '../model/registry.ts';
import type { AthleteWrite, ObjectWrite, StoredObject } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import { canonicalState } from './join.ts';
import type { ObjectState } from './object-state.ts';
import type { AskedQuestion } from './questions.ts';
import type { PlannedObject } from './reconcile.ts';
import type { AthleteFacts } from './resolve.ts';
import { type View, viewOf } from './view.ts';
import { objectKey, type World } from './world.ts';

export interface WrittenObject {
  kind: Kind;
  id: string;
  rev: number;
  view: View;
  state: ObjectState;
  /** The view changed, so clients will see it. */
  changed: boolean;
  /** As it was before; null for a new one. */
  before: StoredObject | null;
}

/** The part of a write that the ledger decides. */
export type LedgerWrite = Pick<AthleteWrite, 'rev' | 'objects' | 'states' | 'aliases' | 'aliasesRemoved'>;

export interface WrittenPlan {
  write: LedgerWrite;
  written: WrittenObject[];
}

/** A counter of revs for one change. */
class Revs {
  constructor(public last: number) {}

  next(): number {
    this.last += 1;
    return this.last;
  }
}

/** Where every id known to the world led before the change. */
function previousIds(world: World): Map<string, string> {
  const leads = new Map<string, string>();
  for (const object of world.objects.values()) {
    if (object.stored === null) continue;
    leads.set(objectKey(object.kind, object.id), object.id);
    for (const id of Object.keys(object.stored.state.anchors)) leads.set(objectKey(object.kind, id), object.id);
  }
  return leads;
}

function texts(view: View): { data: string; alt: string | null } {
  if (view.deleted) return { data: '{}', alt: null };
  return {
    data: JSON.stringify(view.data),
    alt: Object.keys(view.alt).length === 0 ? null : JSON.stringify(view.alt),
  };
}

function sameView(
  stored: StoredObject,
  view: View,
  data: string,
  alt: string | null,
  startedAtMs: number | null,
): boolean {
  return (
    stored.data === data &&
    stored.alt === alt &&
    stored.day === view.day &&
    stored.deleted === view.deleted &&
    stored.startedAtMs === startedAtMs
  );
}

/** Ids made in this change get their age: the rev they are first written under. */
function setAge(state: ObjectState, id: string, rev: number): void {
  const anchor = state.anchors[id];
  if (anchor !== undefined && anchor.createdRev === Number.MAX_SAFE_INTEGER) {
    state.anchors[id] = { ...anchor, createdRev: rev };
  }
}

interface Writing {
  revs: Revs;
  objects: ObjectWrite[];
  states: NonNullable<AthleteWrite['states']>;
  written: WrittenObject[];
}

function writeObject(
  out: Writing,
  stored: StoredObject | null,
  planned: { kind: Kind; id: string; state: ObjectState; startedAtMs?: number | null },
  athlete: AthleteFacts,
  hasNewAlias = false,
): void {
  const table = fieldsOf(planned.kind) ?? {};
  const view = viewOf(planned.kind, planned.state, table, athlete);
  const startedAtMs = planned.startedAtMs ?? view.startedAtMs;
  const { data, alt } = texts(view);
  // A phone that is sent to a deleted object by a new alias may never have heard of it: its tombstone travels again.
  const travels = hasNewAlias && view.deleted;
  const unchanged = stored !== null && !travels && sameView(stored, view, data, alt, startedAtMs);
  const rev = unchanged ? stored.rev : out.revs.next();
  setAge(planned.state, planned.id, rev);
  const state = canonicalState(planned.state);
  out.written.push({ kind: planned.kind, id: planned.id, rev, view, state, changed: !unchanged, before: stored });
  if (unchanged) {
    if (JSON.stringify(stored.state) !== JSON.stringify(state))
      out.states.push({ kind: planned.kind, id: planned.id, state });
    return;
  }
  out.objects.push({
    kind: planned.kind,
    id: planned.id,
    rev,
    createdRev: stored?.createdRev ?? rev,
    day: view.day,
    startedAtMs,
    deleted: view.deleted,
    data,
    alt,
    state,
  });
}

export function writePlan(world: World, planned: PlannedObject[], questions: AskedQuestion[]): WrittenPlan {
  const { athlete } = world.loaded;
  const out: Writing = { revs: new Revs(world.loaded.athlete.rev), objects: [], states: [], written: [] };
  const previous = previousIds(world);
  const aliases: AthleteWrite['aliases'] = [];
  const aliasesRemoved: NonNullable<AthleteWrite['aliasesRemoved']> = [];
  for (const object of planned) {
    const { kind, id } = object;
    const led = previous.get(objectKey(kind, id));
    if (led !== undefined && led !== id) aliasesRemoved.push({ kind, oldId: id });
    const newAliases = object.aliases.filter((alias) => previous.get(objectKey(kind, alias)) !== id);
    for (const alias of newAliases) {
      const rev = out.revs.next();
      setAge(object.state, alias, rev);
      aliases.push({ kind, oldId: alias, objectId: id, rev });
    }
    const stored = world.objects.get(objectKey(kind, id))?.stored ?? null;
    writeObject(out, stored, object, athlete, newAliases.length > 0);
  }
  for (const question of questions) {
    const stored = world.objects.get(objectKey('question', question.id))?.stored ?? null;
    writeObject(out, stored, { kind: 'question', ...question }, athlete);
  }
  const { objects, states, written } = out;
  return { write: { rev: out.revs.last, objects, states, aliases, aliasesRemoved }, written };
}
