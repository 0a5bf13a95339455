/** What the partner or Garmin's operation does: endpoints, holds, odd traffic, a look at the log. */
import { uuid } from './chance.ts';
import { type Command, sentBy, unknown } from './command.ts';
import { choiceParam, numberParam, switchParam, textParam } from './params.ts';
import { isNotifiedType, NOTIFIED_TYPES } from './portal.ts';

export const endpoint: Command = {
  name: 'endpoint',
  help: 'Sets how types are notified. params: type (all), mode (push or ping), enabled, onHold.',
  async run({ portal }, params) {
    const type = textParam(params, 'type', null);
    if (type !== null && !isNotifiedType(type))
      throw unknown(`type "${type}"`, `Choose of ${NOTIFIED_TYPES.join(', ')}.`);
    for (const name of type === null ? NOTIFIED_TYPES : [type]) {
      const chosen = portal.endpoints[name];
      if (name !== 'activityFiles' && name !== 'deregistrations' && name !== 'userPermissionsChange') {
        chosen.mode = choiceParam(params, 'mode', ['push', 'ping'], chosen.mode);
      }
      chosen.enabled = switchParam(params, 'enabled', chosen.enabled);
      chosen.onHold = switchParam(params, 'onHold', chosen.onHold);
    }
    return { endpoints: portal.endpoints };
  },
};

export const hold: Command = {
  name: 'hold',
  help: 'Puts every endpoint on hold: notifications are kept back until "release".',
  async run({ portal, notifier }) {
    for (const type of NOTIFIED_TYPES) portal.endpoints[type].onHold = true;
    return { held: notifier.held() };
  },
};

export const release: Command = {
  name: 'release',
  help: 'Ends the hold and sends what was kept back, batched over athletes.',
  async run({ portal, notifier }) {
    for (const type of NOTIFIED_TYPES) portal.endpoints[type].onHold = false;
    return sentBy(await notifier.release());
  },
};

export const settings: Command = {
  name: 'settings',
  help: 'Switches of this fake. params: permissionsShape (array, object or booleans), pullNamesUser, batchSize, retryBaseMs, retryMaxMs, maxAttempts, timeoutMs.',
  async run({ portal }, params) {
    portal.permissionsShape = choiceParam(
      params,
      'permissionsShape',
      ['array', 'object', 'booleans'],
      portal.permissionsShape,
    );
    portal.pullNamesUser = switchParam(params, 'pullNamesUser', portal.pullNamesUser);
    for (const key of ['batchSize', 'retryBaseMs', 'retryMaxMs', 'maxAttempts', 'timeoutMs'] as const) {
      portal[key] = Math.max(1, numberParam(params, key, portal[key]));
    }
    const { webhookUrl: _, ...shown } = portal;
    return shown;
  },
};

export const unknownUser: Command = {
  name: 'unknown_user',
  help: 'Pushes a summary of an account that nobody connected. params: userId.',
  async run({ world, sender }, params) {
    const userId = textParam(params, 'userId', uuid(world.random));
    const activityId = String(world.nextActivityId++);
    const startTimeInSeconds = Math.floor(world.now() / 1_000) - 7_200;
    const item = {
      userId,
      summaryId: activityId,
      activityId: Number(activityId),
      activityType: 'RUNNING',
      startTimeInSeconds,
      durationInSeconds: 1_800,
      distanceInMeters: 5_000,
    };
    return {
      userId,
      activityId,
      ...sentBy([await sender.send(['activities'], JSON.stringify({ activities: [item] }))]),
    };
  },
};

export const raw: Command = {
  name: 'raw',
  help: 'Posts any body once, with Garmin’s headers. params: body (text or JSON), headers.',
  async run({ sender }, params) {
    const { body = '', headers } = params;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { ...(await sender.post(text, (headers ?? {}) as { [name: string]: string })) };
  },
};

export const settle: Command = {
  name: 'settle',
  help: 'Waits until no notification is on its way. params: timeoutMs (30000).',
  async run({ sender }, params) {
    const isSettled = await sender.settle(numberParam(params, 'timeoutMs', 30_000));
    const count = (state: string) => sender.messages().filter((message) => message.state === state).length;
    return {
      isSettled,
      delivered: count('delivered'),
      waiting: count('waiting'),
      givenUp: count('given_up'),
      dropped: count('dropped'),
    };
  },
};

export const log: Command = {
  name: 'log',
  help: 'The notifications so far with every attempt, and the accounts. params: last (50).',
  async run({ world, faults, sender }, params) {
    const accounts = [...world.accounts.values()];
    return {
      accounts,
      faults: faults.active(),
      notifications: sender.messages().slice(-numberParam(params, 'last', 50)),
    };
  },
};
