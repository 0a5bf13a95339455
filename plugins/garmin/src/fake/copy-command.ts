/** The same recording in another account: what a test needs that tells one run to many athletes. */
import { accountOf, type Command, unknown } from './command.ts';
import { textParam } from './params.ts';
import { type Item, recordsOf, storeRecord } from './world.ts';

export const copy: Command = {
  name: 'copy',
  help: 'Gives another account the same recording under an id of its own; announces nothing. params: activityId, userId.',
  async run(context, params) {
    const { world } = context;
    const from = textParam(params, 'activityId', '');
    const { userId } = accountOf(context, params);
    const records = recordsOf(world, from);
    const bytes = world.files.get(from);
    if (records.length === 0) throw unknown(`activity "${from}"`, 'Take an id that "run" gave.');
    const activityId = String(world.nextActivityId++);
    if (bytes !== undefined) world.files.set(activityId, bytes);
    for (const { stream, item } of records) {
      const own: Item = { ...item, userId, activityId: Number(activityId) };
      own.summaryId = String(item.summaryId).replace(from, activityId);
      storeRecord(world, { stream, userId, activityId, item: own });
    }
    return { activityId, userId };
  },
};
