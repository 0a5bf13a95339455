/**
 * After something changed that views depend on (the athlete's time zone, which source they prefer): objects are resolved
 * anew, newest first, in batches. Only what looks different afterwards is written.
 */
import { fieldsOf, REGISTRY } from '../model/registry.ts';
import type { AthleteChangeStore, AthleteRow, DecideStep, StoredObject } from '../store/athlete-change.ts';
import type { NewJob } from '../store/job-queue.ts';
import type { ReadStore } from '../store/read-store.ts';
import { KINDS, type Kind } from '../wire/kinds.ts';
import { type ChangeContext, finishChange } from './change.ts';
import { wakingDay } from './nights.ts';
import { type Change, openChange } from './open-change.ts';
import { recordsOf } from './record.ts';
import { type View, viewOf } from './view.ts';

export const RE_RESOLVE_TASK = 'ledger.re_resolve';
const OBJECTS_PER_PAGE = 200;
const OBJECTS_PER_CHANGE = 50;

export function reResolveJob(athleteId: string): NewJob {
  return { task: RE_RESOLVE_TASK, payload: { athleteId }, key: `${RE_RESOLVE_TASK}:${athleteId}`, priority: 10 };
}

function viewNow(object: StoredObject, athlete: AthleteRow): View {
  return viewOf(object.kind, object.state, fieldsOf(object.kind) ?? {}, athlete);
}

function looksDifferent(object: StoredObject, view: View): boolean {
  const alt = Object.keys(view.alt).length === 0 ? null : JSON.stringify(view.alt);
  return object.day !== view.day || object.data !== JSON.stringify(view.data) || object.alt !== alt;
}

/** One change over some objects; `touch` says what of them is looked at anew. */
async function changeThem(
  store: AthleteChangeStore,
  athleteId: string,
  kind: Kind,
  ids: string[],
  context: ChangeContext,
  touch: (change: Change) => void,
): Promise<void> {
  let open: Change | null = null;
  const load = { ids: ids.map((id) => ({ kind, id })) };
  await store.withAthleteChange<null>(athleteId, load, (loaded): DecideStep<null> => {
    if (open === null || open.world.loaded !== loaded) {
      open = openChange(loaded);
      touch(open);
    }
    const step = finishChange(open, context);
    return step.do === 'load' ? step : { do: 'write', write: step.finished.write, result: null };
  });
}

/** An activity that moved to another date meets others there: it is matched anew. */
function matchAnew(change: Change): void {
  for (const object of change.world.objects.values()) {
    for (const record of recordsOf(object.state)) change.touched.add(record.key);
  }
}

function resolveAnew(change: Change): void {
  for (const object of change.world.objects.values()) change.simple.add(object);
}

/** Sleep that names no zone may have ended on another date. */
function placeAnew(change: Change): void {
  for (const object of change.world.objects.values()) {
    for (const record of recordsOf(object.state, 'sleep')) if (record.layerId === null) change.slept.add(record.key);
  }
}

async function reResolvePage(
  store: AthleteChangeStore,
  athlete: AthleteRow,
  kind: Kind,
  page: StoredObject[],
  context: ChangeContext,
): Promise<number> {
  const { athleteId } = athlete;
  const stale = page
    .map((object) => ({ object, view: viewNow(object, athlete) }))
    .filter(({ object, view }) => looksDifferent(object, view));
  const moved = kind === 'activity' ? stale.filter(({ object, view }) => object.day !== view.day) : [];
  for (const { object } of moved) await changeThem(store, athleteId, kind, [object.id], context, matchAnew);
  const others = stale.filter((each) => !moved.includes(each)).map(({ object }) => object.id);
  for (let from = 0; from < others.length; from += OBJECTS_PER_CHANGE) {
    await changeThem(store, athleteId, kind, others.slice(from, from + OBJECTS_PER_CHANGE), context, resolveAnew);
  }
  if (REGISTRY[kind].place === 'night') {
    for (const { id, state } of page) {
      const moves = recordsOf(state, kind).some((record) => (wakingDay(record, athlete.timeZone) ?? id) !== id);
      if (moves) await changeThem(store, athleteId, kind, [id], context, placeAnew);
    }
  }
  return stale.length;
}

/** Running it again, or while the athlete writes, does no harm. Returns how many objects looked different. */
export async function reResolve(
  store: AthleteChangeStore & Pick<ReadStore, 'objects'>,
  athleteId: string,
  context: ChangeContext,
): Promise<number> {
  let changed = 0;
  for (const kind of KINDS.filter((each) => REGISTRY[each].place !== 'one')) {
    for (let toDay: string | undefined; ; ) {
      const athlete = await store.athlete(athleteId);
      if (athlete === null) return changed;
      const page = await store.objects(athleteId, kind, { toDay, limit: OBJECTS_PER_PAGE });
      changed += await reResolvePage(store, athlete, kind, page, context);
      const oldest = page.at(-1)?.day ?? null;
      if (page.length < OBJECTS_PER_PAGE || oldest === null || oldest === toDay) break;
      toDay = oldest;
    }
  }
  return changed;
}
