/** What athletes do with activities at Garmin: type them in, correct them; and Garmin's way to send them again. */
import { accountOf, type Command, sentBy, unknown } from './command.ts';
import { deliveryOf, FORMS } from './delivery-param.ts';
import { choiceParam, instantParam, numberParam, type Params, switchParam, textParam } from './params.ts';
import { type Item, recordsOf, SYNC_DELAY_S, storeRecord } from './world.ts';
import { zurichOffsetS } from './zurich-offset.ts';

export const manual: Command = {
  name: 'manual',
  help: 'Types an activity into Garmin Connect. params: distanceM (5000), durationS (1800), start, activityType (RUNNING), title (Easy), description, userId.',
  async run(context, params) {
    const { world } = context;
    const userId = accountOf(context, params).userId;
    const activityId = String(world.nextActivityId++);
    const durationS = numberParam(params, 'durationS', 1_800);
    const startS = instantParam(params, 'start', Math.floor(world.now() / 1_000) - durationS - SYNC_DELAY_S);
    const item: Item = {
      userId,
      summaryId: activityId,
      activityName: textParam(params, 'title', 'Easy'),
      activityDescription: textParam(params, 'description', undefined),
      activityType: textParam(params, 'activityType', 'RUNNING'),
      startTimeInSeconds: startS,
      startTimeOffsetInSeconds: zurichOffsetS(startS),
      durationInSeconds: durationS,
      distanceInMeters: numberParam(params, 'distanceM', 5_000),
      deviceName: 'unknown',
      manual: true,
    };
    const record = storeRecord(world, { stream: 'manuallyUpdatedActivities', userId, activityId, item });
    const messages = await context.notifier.announce([record], deliveryOf(params, []).mode);
    return { activityId, userId, startTimeInSeconds: startS, ...sentBy(messages) };
  },
};

export const edit: Command = {
  name: 'edit',
  help: 'The athlete corrects an activity; its summary comes again with the same id. params: activityId, distanceM, durationS, title, description, activityType, via (activities or manuallyUpdatedActivities).',
  async run(context, params) {
    const activityId = textParam(params, 'activityId', '');
    const known = recordsOf(context.world, activityId).findLast(({ item }) => item.summaryId === activityId);
    if (known === undefined)
      throw unknown(`summary of the activity "${activityId}"`, 'Take an id that "run" or "manual" gave.');
    const stream = choiceParam(
      params,
      'via',
      ['activities', 'manuallyUpdatedActivities'],
      known.stream as 'activities',
    );
    const record = storeRecord(context.world, { ...known, stream, item: { ...known.item, ...changesOf(params) } });
    const messages = await context.notifier.announce([record], deliveryOf(params, []).mode);
    return { activityId, userId: known.userId, ...sentBy(messages) };
  },
};

export const redeliver: Command = {
  name: 'redeliver',
  help: 'Announces known records once more, files under a fresh address. params: activityId (all), deliver (summary,details,file,ping).',
  async run(context, params) {
    const activityId = textParam(params, 'activityId', null);
    const deliver = deliveryOf(params, FORMS);
    const records = [...context.world.records.values()].filter(
      (record) =>
        (activityId === null || record.activityId === activityId) &&
        (deliver.streams.has(record.stream) || record.stream === 'manuallyUpdatedActivities'),
    );
    const messages = await context.notifier.announce(records, deliver.mode);
    return { records: records.length, ...sentBy(messages) };
  },
};

function changesOf(params: Params): Item {
  const changes: Item = {
    distanceInMeters: numberParam(params, 'distanceM', undefined),
    durationInSeconds: numberParam(params, 'durationS', undefined),
    activityName: textParam(params, 'title', undefined),
    activityDescription: textParam(params, 'description', undefined),
    activityType: textParam(params, 'activityType', undefined),
    manual: switchParam(params, 'manual', undefined),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
