/** The watch's run arrives: summary pushed, file announced and fetched, all of it read. */
import { type Explanation, HubError, type SeriesAnswer, type WireObject } from '@coach-hub/core';
import { bytes, count, counted, distance, duration, milliseconds } from '../../screen/figures.ts';
import { numberOf } from '../activity-line.ts';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';
import { within } from '../within.ts';

export const RUN = { distanceM: 10_120, durationS: 3_600 };
/** Longest the hub may take to have it all, ms. */
const ARRIVAL_MS = 20_000;
const ALL_POINTS = 10_000;

export interface WatchRun {
  /** The id the hub gave it, before it knew the phone's. */
  objectId: string;
  records: number;
  sha256: string;
  fileBytes: number;
  distanceM: number;
}

export async function watchRun(stage: Stage, tell: Teller, startMs: number): Promise<WatchRun> {
  const { athlete, hub, ports, provider } = stage;
  const sentAtMs = ports.clock.now();
  const told = await provider.fake.act('run', {
    ...RUN,
    start: new Date(startMs).toISOString(),
    deliver: 'summary,file',
  });
  await within(ARRIVAL_MS, hub.inbox.idle(), 'The hub did not finish reading what arrived.');
  const tookMs = ports.clock.now() - sentAtMs;
  const run = { records: Number(told.records), sha256: String(told.sha256), fileBytes: Number(told.fileBytes) };
  tell.fact('watch', `${distance(RUN.distanceM)} in ${duration(RUN.durationS)}, one record a second`);
  const sent = notificationsIn(told);
  tell.fact(
    'webhooks',
    `${counted(sent.length, 'notification')} (${sent.map(({ types }) => types.join(' and ')).join(', ')})`,
  );
  tell.check('the hub took each of them', { expected: true, got: sent.every(({ state }) => state === 'delivered') });

  const { objects } = await athlete.api.get<{ objects: WireObject[] }>('/v1/objects/activity');
  const [object] = objects;
  const counts = await hub.inbox.counts();
  tell.check('the hub has one activity of it, and nothing is left over', {
    expected: { activities: 1, waiting: 0, deadLetters: 0 },
    got: {
      activities: objects.length,
      waiting: counts.deliveries + counts.envelopesNew,
      deadLetters: counts.deadLetters,
    },
  });
  if (object === undefined) throw noRun();

  const path = `/v1/objects/activity/${object.id}`;
  const { sources } = await athlete.api.get<Explanation>(`${path}/explain`);
  const { series } = await athlete.api.get<SeriesAnswer>(`${path}/series?points=${ALL_POINTS}`);
  const points = Math.max(0, ...series.map((each) => each.points));
  tell.fact('stored', sources.map(({ form }) => form).join(' and '));
  tell.fact('decoded', `${count(points)} records of a file of ${bytes(run.fileBytes)}`);
  tell.fact('took', `${milliseconds(tookMs)} from the watch to the object`);
  tell.check('every record was decoded', { expected: run.records, got: points });
  const distanceM = numberOf(object.data.distanceM) ?? 0;
  tell.check(`the distance is the watch’s ${distance(RUN.distanceM)}`, {
    expected: distance(RUN.distanceM),
    got: distance(distanceM),
  });
  return { ...run, objectId: object.id, distanceM };
}

function noRun(): HubError {
  return new HubError('not_found', {
    what: 'The run did not arrive.',
    why: 'The provider announced it, and the hub holds no activity.',
    fix: 'Look at what could not be read with "coach inbox list --data .coach/demo/data".',
  });
}

/** What the fake says it sent; nothing where it does not say. */
function notificationsIn(told: { [key: string]: unknown }): { types: string[]; state: string }[] {
  return Array.isArray(told.notifications) ? (told.notifications as { types: string[]; state: string }[]) : [];
}
