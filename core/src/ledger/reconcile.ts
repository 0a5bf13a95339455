/**
 * Reconcile: after claims and edits were joined into the world, decide anew which records are one activity, under
 * which id, and what each shows. A pure function of the world; it asks for more of the timeline when it needs it.
 */
import type { LoadRequest } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import { assignIds } from './assign-ids.ts';
import type { Claim } from './claim.ts';
import { type MatchResult, match } from './match.ts';
import type { MatchRecord } from './match-pair.ts';
import { toMatchRecord } from './match-record.ts';
import { type Covered, isCovered, widen } from './neighbourhood.ts';
import { emptyState, type ObjectState } from './object-state.ts';
import { type AskedQuestion, askedOf, askedQuestion, questionId, withdrawnQuestion } from './questions.ts';
import { compareRecords } from './rank.ts';
import { athleteRecordKey, isLive, recordKeyOf, recordsOf, type SourceRecord } from './record.ts';
import { isDeleted } from './resolve.ts';
import { type SaidApart, saidApart } from './said-apart.ts';
import { hasContent } from './view.ts';
import type { WorkingObject, World } from './world.ts';

/** An object as it shall be after the change. */
export interface PlannedObject {
  kind: Kind;
  id: string;
  aliases: string[];
  state: ObjectState;
}

export interface Plan {
  objects: PlannedObject[];
  questions: AskedQuestion[];
  /** Activities whose every source and word is gone. */
  emptied: WorkingObject[];
}

export interface ReconcileContext {
  athleteZone: string | null;
  utcOffsetS: (epochMs: number) => number | null;
  newId: () => string;
}

interface Universe {
  records: Map<string, SourceRecord>;
  matchRecords: Map<string, MatchRecord>;
  objects: WorkingObject[];
}

function universeOf(world: World, athleteZone: string | null): Universe {
  const records = new Map<string, SourceRecord>();
  const matchRecords = new Map<string, MatchRecord>();
  const objects = [...world.objects.values()].filter((object) => object.kind === 'activity');
  for (const object of objects) {
    for (const record of recordsOf(object.state)) {
      records.set(record.key, record);
      if (isLive(record)) matchRecords.set(record.key, toMatchRecord(record, athleteZone));
    }
  }
  return { records, matchRecords, objects };
}

function runMatch(universe: Universe, said: SaidApart, context: ReconcileContext): MatchResult {
  const ranked = [...universe.records.values()].sort((a, b) => compareRecords(a, b, null));
  const places = new Map(ranked.map((record, place) => [record.key, place]));
  return match({
    records: [...universe.matchRecords.values()],
    priority: (key) => places.get(key) ?? ranked.length,
    utcOffsetS: context.utcOffsetS,
    notSame: said.notSame,
    same: said.same,
    ownWrites: new Set(),
    words: {
      deleted: (key) => universe.records.get(key)?.deleted ?? null,
      madeAt: (key) => universe.records.get(key)?.madeAt ?? null,
    },
  });
}

/** Components the change reaches: those of touched records, those whose objects change hands, and what they touch. */
function reachedComponents(
  world: World,
  matched: MatchResult,
  touched: ReadonlySet<string>,
  covered: Covered,
  universe: Universe,
) {
  const componentOf = new Map<string, string[]>();
  for (const component of matched.components) for (const key of component) componentOf.set(key, component);
  const reached = new Set<string[]>();
  // Touched keys are followed even when their record was withdrawn and is in no component any more.
  const waiting: string[] = [...touched];
  const reach = (key: string) => {
    const component = componentOf.get(key);
    if (component === undefined || reached.has(component)) return;
    reached.add(component);
    waiting.push(...component);
  };
  for (const key of touched) reach(key);
  for (const component of matched.components) {
    const holders = new Set(component.map((key) => world.holder.get(key)));
    const whole = component.every((key) => isCovered(covered, universe.matchRecords.get(key) as MatchRecord));
    if (whole && (holders.size > 1 || !holdsAll(world, universe, component))) for (const key of component) reach(key);
  }
  const links = [
    ...matched.questions.map((question) => question.records),
    ...[...matched.containedIn].map((pair) => [...pair]),
  ];
  for (const question of openQuestions(world)) links.push(recordsAsked(question));
  for (const object of universe.objects) {
    const { partOf } = object.state.context;
    if (partOf !== null) links.push([partOf.record, ...recordsOf(object.state).map((record) => record.key)]);
  }
  while (waiting.length > 0) {
    const key = waiting.pop() as string;
    reachHolder(world, key, reach);
    for (const link of links) if (link.includes(key)) for (const other of link) reach(other);
  }
  return reached;
}

/** Whether the object of a component's first record holds no live record besides the component's. */
function holdsAll(world: World, universe: Universe, component: string[]): boolean {
  const holder = world.objects.get(world.holder.get(component[0] ?? '') ?? '');
  if (holder === undefined) return false;
  return recordsOf(holder.state).every(
    (record) => !universe.matchRecords.has(record.key) || component.includes(record.key),
  );
}

/** Every record of the object that holds this one: it may have to be taken apart. */
function reachHolder(world: World, key: string, reach: (key: string) => void): void {
  const holder = world.objects.get(world.holder.get(key) ?? '');
  if (holder === undefined) return;
  for (const record of recordsOf(holder.state)) reach(record.key);
}

function openQuestions(world: World): WorkingObject[] {
  return [...world.objects.values()].filter(
    (object) => object.kind === 'question' && Object.values(object.state.claims).some(isAsked),
  );
}

function isAsked({ fields }: Claim): boolean {
  return fields !== null && fields.withdrawn !== true;
}

/** Record keys a stored question is about. */
function recordsAsked(question: WorkingObject): string[] {
  return askedOf(question.state)?.records ?? [];
}

/** The state of one component: its claims, its ids and the layers under them, from whichever objects held them. */
function componentState(keys: ReadonlySet<string>, holders: WorkingObject[]): ObjectState {
  const state = emptyState();
  for (const holder of holders) {
    for (const [claimKey, claim] of Object.entries(holder.state.claims)) {
      if (keys.has(recordKeyOf(claim))) state.claims[claimKey] = claim;
    }
    for (const [id, anchor] of Object.entries(holder.state.anchors)) {
      if (keys.has(anchor.record)) state.anchors[id] = anchor;
    }
    for (const [id, layer] of Object.entries(holder.state.layers)) {
      const anchor = holder.state.anchors[id];
      if (anchor === undefined ? keys.has(athleteRecordKey('activity', id)) : keys.has(anchor.record))
        state.layers[id] = layer;
    }
    if (holder.state.context.day !== null) state.context = { ...state.context, day: holder.state.context.day };
  }
  return state;
}

/** Withdrawn records stay with the live record of their object that is best, so their memory is kept. */
function withWithdrawn(world: World, component: string[], universe: Universe): Set<string> {
  const keys = new Set(component);
  for (const key of component) {
    const holder = world.objects.get(world.holder.get(key) ?? '');
    if (holder === undefined) continue;
    const records = recordsOf(holder.state);
    const live = records
      .filter((record) => universe.matchRecords.has(record.key))
      .sort((a, b) => compareRecords(a, b, null));
    if (live[0]?.key !== key) continue;
    for (const record of records) if (!universe.matchRecords.has(record.key)) keys.add(record.key);
  }
  return keys;
}

/**
 * Plans the activities and questions a change leads to.
 *
 * @param touched keys of the records the change added or altered.
 * @param moved those records as they were: what they used to meet must be looked at too.
 * @param covered what of the timeline is loaded; widened when more is asked for.
 */
export function reconcile(
  world: World,
  touched: ReadonlySet<string>,
  moved: MatchRecord[],
  covered: Covered,
  context: ReconcileContext,
): { do: 'load'; load: LoadRequest } | { do: 'plan'; plan: Plan } {
  const universe = universeOf(world, context.athleteZone);
  const seeds = [...touched].map((key) => universe.matchRecords.get(key)).filter((record) => record !== undefined);
  const first = widen(covered, [...seeds, ...moved]);
  if (first !== null) return { do: 'load', load: first };
  const matched = runMatch(universe, saidApart(world), context);
  const reached = reachedComponents(world, matched, touched, covered, universe);
  const members = [...reached].flat().map((key) => universe.matchRecords.get(key) as MatchRecord);
  const days = new Set(members.filter((record) => record.startMs === null).map((record) => record.day));
  const sameDay = days.size === 0 ? [] : [...universe.matchRecords.values()].filter((record) => days.has(record.day));
  const more = widen(covered, [...members, ...sameDay]);
  if (more !== null) return { do: 'load', load: more };
  return { do: 'plan', plan: planOf(world, universe, matched, reached, touched, context) };
}

function planOf(
  world: World,
  universe: Universe,
  matched: MatchResult,
  reached: Set<string[]>,
  touched: ReadonlySet<string>,
  context: ReconcileContext,
): Plan {
  const objects: PlannedObject[] = [];
  const idOfRecord = new Map<string, string>();
  const pulled = new Set<WorkingObject>();
  const ordered = [...reached].sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  const held: { component: string[]; planned: PlannedObject }[] = [];
  for (const component of ordered) {
    const keys = withWithdrawn(world, component, universe);
    const holders = [...new Set([...keys].map((key) => world.objects.get(world.holder.get(key) ?? '')))].filter(
      (holder) => holder !== undefined,
    );
    for (const holder of holders) pulled.add(holder);
    const state = componentState(keys, holders);
    const ids = assignIds(state.anchors, world.loaded.knownRev, context.newId);
    if (!Object.hasOwn(state.anchors, ids.id)) {
      state.anchors[ids.id] = { record: component[0] as string, createdRev: Number.MAX_SAFE_INTEGER, byClient: false };
    }
    const planned: PlannedObject = { kind: 'activity', id: ids.id, aliases: ids.aliases, state };
    objects.push(planned);
    held.push({ component, planned });
    for (const key of component) idOfRecord.set(key, ids.id);
  }
  for (const { component, planned } of held) {
    const wholeKey = component.map((key) => matched.containedIn.get(key)).find((key) => key !== undefined);
    const wholeId = wholeKey === undefined ? undefined : (idOfRecord.get(wholeKey) ?? holderId(world, wholeKey));
    planned.state.context = {
      counted: !component.some((key) => matched.notCounted.has(key)),
      partOf: wholeKey === undefined || wholeId === undefined ? null : { record: wholeKey, id: wholeId },
      splitGroup: component.map((key) => matched.splitGroup.get(key)).find((group) => group !== undefined) ?? null,
      day:
        component.map((key) => universe.matchRecords.get(key)?.day).find((day) => day !== null && day !== undefined) ??
        planned.state.context.day,
    };
  }
  const emptied = [...touched]
    .map((key) => world.objects.get(world.holder.get(key) ?? ''))
    .filter((object) => object !== undefined && object.kind === 'activity' && !pulled.has(object)) as WorkingObject[];
  const unique = [...new Set(emptied)];
  const questions = [
    ...questionsOf(world, universe, matched, idOfRecord),
    ...unique.flatMap((object) => sourceGone(world, object)),
  ];
  return { objects, questions, emptied: unique };
}

/** An activity the athlete wrote on whose every source is gone stays, and the athlete is asked what to do with it. */
function sourceGone(world: World, object: WorkingObject): AskedQuestion[] {
  if (isDeleted(object.state) || !hasContent(object.state)) return [];
  const records = [...new Set(Object.values(object.state.claims).map(recordKeyOf))].sort();
  const at = { startMs: object.stored?.startedAtMs ?? null, day: object.state.context.day };
  const asking = { code: 'source_gone', records, about: [{ kind: 'activity' as const, id: object.id }], at };
  return [askedQuestion(asking, storedQuestion(world, 'source_gone', records))];
}

function storedQuestion(world: World, code: string, records: string[]): ObjectState | undefined {
  return world.objects.get(`question/${questionId(code, records)}`)?.state;
}

function holderId(world: World, recordKey: string): string | undefined {
  return world.objects.get(world.holder.get(recordKey) ?? '')?.id;
}

/** Questions to ask about the reached activities, and stored ones whose reason is gone. */
function questionsOf(
  world: World,
  universe: Universe,
  matched: MatchResult,
  idOfRecord: Map<string, string>,
): AskedQuestion[] {
  const asked = new Map<string, AskedQuestion>();
  for (const question of matched.questions) {
    if (!question.records.some((key) => idOfRecord.has(key))) continue;
    const ids = question.records
      .map((key) => idOfRecord.get(key) ?? holderId(world, key))
      .filter((id) => id !== undefined);
    const about = [...new Set(ids)].map((id) => ({ kind: 'activity' as const, id }));
    const records = question.records.map((key) => universe.matchRecords.get(key) as MatchRecord);
    const startMs = records.map((record) => record.startMs).find((ms) => ms !== null) ?? null;
    const at = { startMs, day: records[0]?.day ?? null };
    const next = askedQuestion({ ...question, about, at }, storedQuestion(world, question.code, question.records));
    asked.set(next.id, next);
  }
  for (const stored of openQuestions(world)) {
    if (asked.has(stored.id) || !recordsAsked(stored).some((key) => idOfRecord.has(key))) continue;
    asked.set(stored.id, {
      id: stored.id,
      state: withdrawnQuestion(stored.state),
      startedAtMs: stored.stored?.startedAtMs ?? null,
    });
  }
  return [...asked.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
