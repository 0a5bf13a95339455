/** The phone's screen, which nobody asked to refresh: a live query follows the local database. */
import { setTimeout as pause } from 'node:timers/promises';
import { counted } from '../../screen/figures.ts';
import { activityLine } from '../activity-line.ts';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';
import { TYPED } from './log-offline.ts';
import type { WatchRun } from './watch-run.ts';

/** A live query answers a moment after the commit. */
const SETTLE_MS = 50;

export async function phoneScreen({ phone }: Stage, tell: Teller, typedId: string, watch: WatchRun): Promise<void> {
  await pause(SETTLE_MS);
  const shown = phone.screen();
  for (const each of shown) tell.fact('screen', activityLine(each.data));
  tell.fact('live query', `answered ${counted(phone.screenUpdates(), 'time')} so far`);
  tell.check('the merged run shows, and nothing waits any more', {
    expected: [{ id: typedId, distanceM: watch.distanceM, rpe: TYPED.rpe, pending: false }],
    got: shown.map(({ id, data, pending }) => ({ id, distanceM: data.distanceM, rpe: data.rpe, pending })),
  });
}
