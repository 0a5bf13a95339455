/** Sleep that was touched goes to the date of its night, and takes along what its neighbours' nights became. */
import type { LoadRequest } from '../store/athlete-change.ts';
import { daysAround, type Night, nightsOf, wakingDay } from './nights.ts';
import type { Change } from './open-change.ts';
import { recordsOf, type SourceRecord } from './record.ts';
import { createObject, findObject, moveRecord, type WorkingObject } from './world.ts';

/** Asks for the sleep around what was touched; null when every night that it reaches is placed. */
export function placeNights(change: Change): LoadRequest | null {
  if (change.slept.size === 0) return null;
  const { world, sleepDays } = change;
  const zone = world.loaded.athlete.timeZone;
  const holders = [...world.objects.values()].filter((object) => object.kind === 'sleep');
  const holderOf = new Map<SourceRecord, WorkingObject>();
  for (const object of holders) {
    for (const record of recordsOf(object.state, 'sleep')) if (record.layerId === null) holderOf.set(record, object);
  }
  const reached = reachedNights(change, holderOf, zone);
  const days = new Set<string>();
  const need = (day: string) => {
    for (const near of daysAround(day)) if (!sleepDays.has(near)) days.add(near);
  };
  for (const object of holders) {
    const { day } = object.state.context;
    const touched = [...holderOf].some(([record, holder]) => holder === object && change.slept.has(record.key));
    if (day !== null && (touched || change.simple.has(object))) need(day);
  }
  for (const night of reached) {
    for (const record of night.records) need(wakingDay(record, zone) ?? night.day);
  }
  if (days.size > 0) {
    for (const day of days) sleepDays.add(day);
    return { days: [{ kind: 'sleep', days: [...days] }] };
  }
  for (const night of reached) {
    for (const record of night.records) {
      const from = holderOf.get(record) as WorkingObject;
      if (from.id === night.day) continue;
      const to = findObject(world, 'sleep', night.day) ?? createObject(world, 'sleep', night.day, record.key, false);
      moveRecord(world, from, to, record.key);
      change.simple.add(from);
      change.simple.add(to);
    }
  }
  return null;
}

/** Nights that hold a touched record, or one of an object the change touched. */
function reachedNights(change: Change, holderOf: Map<SourceRecord, WorkingObject>, zone: string | null): Night[] {
  return nightsOf([...holderOf.keys()], zone).filter((night) =>
    night.records.some(
      (record) => change.slept.has(record.key) || change.simple.has(holderOf.get(record) as WorkingObject),
    ),
  );
}
