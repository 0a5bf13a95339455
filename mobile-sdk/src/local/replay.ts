/** What the app sees: the hub's view with the pending changes on top. This is the whole merge on the phone. */
import type { JsonObject } from '@coach-hub/core/wire';
import type { Body } from './outbox.ts';

/** The part of an object that changes touch. Other properties of the hub's view ride along. */
export interface View {
  day: string | null;
  data: JsonObject;
}

/**
 * Pure. `null` is an object that is not there: before its `put`, or after its `delete`.
 * A `patch` of an object the hub has deleted meanwhile does not revive it.
 */
export function replay<V extends View>(server: V | null, changes: readonly Body[]): V | View | null {
  let view: V | View | null = server;
  let beforeDelete: V | View | null = null;
  for (const change of changes) {
    switch (change.op) {
      case 'put':
        view = apply(view ?? { day: null, data: {} }, change);
        break;
      case 'patch':
      case 'override':
        view = view && apply(view, change);
        break;
      case 'delete':
        beforeDelete = view ?? beforeDelete;
        view = null;
        break;
      case 'restore':
        view = view ?? beforeDelete;
        break;
    }
  }
  return view;
}

function apply<V extends View>(view: V, { op, set, unset = [], day }: Body): V {
  const data = { ...view.data, ...set };
  // A withdrawn override uncovers another source's value. Only the hub knows which, so the old one shows until it says.
  if (op !== 'override') for (const field of unset) delete data[field];
  return { ...view, day: day ?? view.day, data };
}
