/** What follows from the athlete's answer to a question: records are compared anew, or what is left over goes. */
import type { LoadRequest } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import { joinLayers } from './join.ts';
import { emptyLayer } from './object-state.ts';
import { type Change, notLooked } from './open-change.ts';
import { askedOf } from './questions.ts';
import { recordKeyOf, recordsOf } from './record.ts';
import { newestTyped } from './resolve.ts';
import { findObject, type WorkingObject } from './world.ts';

/** Asks for what the answered questions are about; null when all that follows is done. */
export function settleAnswers(change: Change): LoadRequest | null {
  const answered = [...change.simple].filter((object) => object.kind === 'question');
  const asked = answered.flatMap((question) => {
    const about = askedOf(question.state);
    return about === null ? [] : [{ question, ...about }];
  });
  const activities = asked.flatMap(({ about }) => about.filter((object) => object.kind === 'activity'));
  const unseen = notLooked(
    change,
    activities.map(({ id }) => ({ kind: 'activity' as Kind, id })),
  );
  if (unseen !== null) return unseen;
  for (const { question, code, records, about } of asked) {
    if (code === 'source_gone') deleteWhere(change, question, about);
    for (const key of records) if (change.world.holder.has(key)) change.touched.add(key);
  }
  return null;
}

/** "Delete" says of the activity what a delete on it says, at the time of the answer. */
function deleteWhere(change: Change, question: WorkingObject, about: { kind: string; id: string }[]): void {
  const answer = newestTyped(question.state).answer;
  if (answer === undefined) return;
  for (const { id } of about) {
    const object = findObject(change.world, 'activity', id);
    if (object === undefined) continue;
    const { stamp, clientId } = answer;
    const layer = { ...emptyLayer(), deleted: { value: answer.value === 'delete', stamp, clientId } };
    object.state.layers[id] = joinLayers(object.state.layers[id], layer);
    for (const record of recordsOf(object.state)) change.touched.add(record.key);
    for (const claim of Object.values(object.state.claims)) change.touched.add(recordKeyOf(claim));
  }
}
