/** The phone syncs, loses the network, and the athlete logs a run on it. */
import { activityLine } from '../activity-line.ts';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';

export const TYPED = { distanceM: 10_000, rpe: 7, notes: 'windy' };

/** @returns the id the phone gave the run. */
export async function logOffline({ phone }: Stage, tell: Teller, day: string): Promise<string> {
  const first = await phone.coach.sync();
  tell.check('the phone is in sync', { expected: 'idle', got: first.state });

  phone.setOnline(false);
  tell.fact('network', 'gone');
  const before = phone.requests();
  const id = await phone.coach.activities.log({ sport: 'run', day, ...TYPED });
  const [shown, status, tried] = [
    await phone.coach.activities.get(id),
    await phone.coach.status(),
    await phone.coach.sync(),
  ];
  tell.fact('typed', `${activityLine({ sport: 'run', ...TYPED })}, no start time`);
  tell.fact('screen', shown === null ? 'nothing' : `${activityLine(shown.data)} (waits to be sent)`);
  tell.check('it shows at once, from the phone’s own database', {
    expected: { ...TYPED, pending: true },
    got: typedOf(shown),
  });
  tell.check('one change waits in the outbox, and nothing left the phone', {
    expected: { queued: 1, sync: 'offline', requests: before },
    got: { queued: status.queued, sync: tried.state, requests: phone.requests() },
  });
  return id;
}

function typedOf(object: { data: { [field: string]: unknown }; pending: boolean } | null): unknown {
  if (object === null) return null;
  const { distanceM, rpe, notes } = object.data;
  return { distanceM, rpe, notes, pending: object.pending };
}
