/**
 * After an athlete's time zone changed: activities that name neither zone nor offset move to another local date, so
 * they are matched and resolved anew, newest first.
 */
import { fieldsOf } from '../model/registry.ts';
import type { AthleteChangeStore, DecideStep, StoredObject } from '../store/athlete-change.ts';
import type { NewJob } from '../store/job-queue.ts';
import type { ReadStore } from '../store/read-store.ts';
import { type ChangeContext, finishChange, openChange } from './change.ts';
import { recordsOf } from './record.ts';
import { viewOf } from './view.ts';

export const REZONE_TASK = 'ledger.rezone';
const OBJECTS_PER_PAGE = 200;

export function rezoneJob(athleteId: string): NewJob {
  return { task: REZONE_TASK, payload: { athleteId }, key: `${REZONE_TASK}:${athleteId}`, priority: 10 };
}

function movesDay(object: StoredObject, athleteZone: string | null): boolean {
  return viewOf(object.kind, object.state, fieldsOf(object.kind) ?? {}, athleteZone).day !== object.day;
}

/** Matches one activity anew, whatever it was before. */
async function rematch(
  store: AthleteChangeStore,
  athleteId: string,
  id: string,
  context: ChangeContext,
): Promise<void> {
  let open: ReturnType<typeof openChange> | null = null;
  await store.withAthleteChange<null>(athleteId, { ids: [{ kind: 'activity', id }] }, (loaded): DecideStep<null> => {
    if (open === null || open.world.loaded !== loaded) {
      open = openChange(loaded);
      for (const object of open.world.objects.values()) {
        for (const record of recordsOf(object.state)) open.touched.add(record.key);
      }
    }
    const step = finishChange(open, context);
    return step.do === 'load' ? step : { do: 'write', write: step.finished.write, result: null };
  });
}

/** Running it again, or while the athlete writes, does no harm. Returns how many activities were looked at anew. */
export async function rezone(
  store: AthleteChangeStore & Pick<ReadStore, 'objects'>,
  athleteId: string,
  context: ChangeContext,
): Promise<number> {
  let moved = 0;
  for (let toDay: string | undefined; ; ) {
    const zone = (await store.athlete(athleteId))?.timeZone ?? null;
    const page = await store.objects(athleteId, 'activity', { toDay, limit: OBJECTS_PER_PAGE });
    for (const object of page) {
      if (!movesDay(object, zone)) continue;
      await rematch(store, athleteId, object.id, context);
      moved += 1;
    }
    const oldest = page.at(-1)?.day ?? null;
    if (page.length < OBJECTS_PER_PAGE || oldest === null || oldest === toDay) return moved;
    toDay = oldest;
  }
}
