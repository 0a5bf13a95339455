/** The phone is back online: what was typed and what was measured become one run. */
import type { WireObject } from '@coach-hub/core';
import { bytes, counted, distance } from '../../screen/figures.ts';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';
import { TYPED } from './log-offline.ts';
import { RUN, type WatchRun } from './watch-run.ts';

export async function backOnline(
  { athlete, phone }: Stage,
  tell: Teller,
  typedId: string,
  watch: WatchRun,
): Promise<void> {
  phone.setOnline(true);
  const before = phone.requests();
  const report = await phone.coach.sync();
  tell.fact(
    'sync',
    `${counted(report.pushed, 'change')} sent, ${report.pulled} received in ${counted(phone.requests() - before, 'request')}, ${bytes(report.bytesReceived)}`,
  );
  tell.check('the log was taken', {
    expected: { state: 'idle', rejected: 0 },
    got: { state: report.state, rejected: report.rejected },
  });

  const runs = await phone.coach.activities.list();
  tell.fact('runs', runs.map(({ id }) => id).join(', '));
  tell.check('it is one run, under the id the phone gave it', { expected: [typedId], got: runs.map(({ id }) => id) });
  const { object, alias } = await onHub(athlete.api, typedId, watch.objectId);
  tell.check('the hub agrees, and the id it had used leads there too', {
    expected: [typedId, typedId],
    got: [object.id, alias.id],
  });

  const { distanceM, rpe, notes } = object.data;
  tell.check(`distance from the watch: ${distance(RUN.distanceM)}`, { expected: watch.distanceM, got: distanceM });
  tell.check('effort and note from the athlete', {
    expected: { rpe: TYPED.rpe, notes: TYPED.notes },
    got: { rpe, notes },
  });
  tell.check(`the typed ${distance(TYPED.distanceM)} are kept beside it`, {
    expected: TYPED.distanceM,
    got: object.alt?.distanceM?.athlete,
  });
}

async function onHub(
  api: Stage['athlete']['api'],
  id: string,
  earlierId: string,
): Promise<{ object: WireObject; alias: WireObject }> {
  const [object, alias] = await Promise.all([
    api.get<WireObject>(`/v1/objects/activity/${id}`),
    api.get<WireObject>(`/v1/objects/activity/${earlierId}`),
  ]);
  return { object, alias };
}
