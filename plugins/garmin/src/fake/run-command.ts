/** A run: recorded, uploaded in all its forms, and announced. */
import { createHash } from 'node:crypto';
import { wholeNumber } from './chance.ts';
import { accountOf, type Command, type CommandContext, sentBy, unknown } from './command.ts';
import { deliveryOf, FORMS } from './delivery-param.ts';
import { instantParam, numberParam, type Params, textParam } from './params.ts';
import { type RecordedRun, recordRun } from './recorded-run.ts';
import { fitFileOf } from './run-file.ts';
import { detailsOf, filePingOf, type RunNames, summaryOf } from './run-records.ts';
import { SYNC_DELAY_S, storeRecord, type UploadedRecord } from './world.ts';
import { zurichOffsetS } from './zurich-offset.ts';

const INDOOR = new Set(['TREADMILL_RUNNING', 'INDOOR_RUNNING']);
const MAX_COUNT = 1_000;
const MAX_DURATION_S = 2 * 86_400;

export const run: Command = {
  name: 'run',
  help: 'Records runs and announces them. params: distanceM (10000), durationS (3000), start, hr (150), pauseS (0), activityType (RUNNING), title, userId, count (1), deliver (summary,details,file; add "ping" to have all of them by ping).',
  async run(context, params) {
    const userId = accountOf(context, params).userId;
    const deliver = deliveryOf(params, FORMS);
    const count = Math.min(MAX_COUNT, Math.max(1, Math.round(numberParam(params, 'count', 1))));
    const made = Array.from({ length: count }, (_, i) => uploadRun(context, params, userId, i));
    const records = made.flatMap(({ records }) => records).filter(({ stream }) => deliver.streams.has(stream));
    const messages = await context.notifier.announce(records, deliver.mode);
    const activities = made.map(({ told }) => told);
    return { ...activities[0], activities, ...sentBy(messages) };
  },
};

export const file: Command = {
  name: 'file',
  help: 'The FIT file of a run, as base64. params: activityId.',
  async run({ world }, params) {
    const activityId = textParam(params, 'activityId', '');
    const bytes = world.files.get(activityId);
    if (bytes === undefined) throw unknown(`file of the activity "${activityId}"`, 'Take an id that "run" gave.');
    return { activityId, base64: Buffer.from(bytes).toString('base64'), sha256: sha256(bytes) };
  },
};

/** Makes a run, uploads all its forms and tells what was made. */
function uploadRun({ world }: CommandContext, params: Params, userId: string, nth: number) {
  const made = recordRun(planOf(params, world.now(), nth), world.random);
  const activityId = String(world.nextActivityId++);
  const names: RunNames = {
    userId,
    activityId,
    activityName: textParam(params, 'title', `Zurich ${typeInWords(made.plan.activityType)}`),
    deviceName: 'forerunner955',
  };
  const bytes = fitFileOf(made, wholeNumber(world.random, 3_000_000_000, 3_999_999_999));
  world.files.set(activityId, bytes);
  const items = {
    activities: summaryOf(made, names),
    activityDetails: detailsOf(made, names),
    activityFiles: filePingOf(made, names),
  };
  const records = Object.entries(items).map(([stream, item]) =>
    storeRecord(world, { stream: stream as UploadedRecord['stream'], userId, activityId, item }),
  );
  return { records, told: toldOf(made, names, bytes) };
}

function planOf(params: Params, nowMs: number, nth: number) {
  const durationS = Math.min(MAX_DURATION_S, Math.max(10, Math.round(numberParam(params, 'durationS', 3_000))));
  const pauseS = Math.max(0, Math.round(numberParam(params, 'pauseS', 0)));
  const latestStart = Math.floor(nowMs / 1_000) - durationS - pauseS - SYNC_DELAY_S;
  const startS = instantParam(params, 'start', latestStart) - nth * 86_400;
  const activityType = textParam(params, 'activityType', 'RUNNING');
  return {
    startS,
    utcOffsetS: zurichOffsetS(startS),
    distanceM: numberParam(params, 'distanceM', 10_000),
    durationS,
    heartRateBpm: numberParam(params, 'hr', 150),
    pauseS,
    activityType,
    hasPosition: !INDOOR.has(activityType),
  };
}

function toldOf({ plan, points, totals, laps }: RecordedRun, { userId, activityId }: RunNames, bytes: Uint8Array) {
  return {
    activityId,
    userId,
    startTimeInSeconds: plan.startS,
    startedAt: new Date(plan.startS * 1_000).toISOString(),
    ...totals,
    records: points.length,
    laps: laps.length,
    sha256: sha256(bytes),
    fileBytes: bytes.length,
  };
}

function typeInWords(activityType: string): string {
  const words = activityType.toLowerCase().split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
