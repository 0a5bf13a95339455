/** What athletes do with their account: sign up, consent, change their mind, leave. */
import { accountOf, type Command, sentBy } from './command.ts';
import { followConsent } from './follow-consent.ts';
import { choiceParam, listParam, switchParam, textParam } from './params.ts';
import { shaped } from './user-routes.ts';
import { addAccount, endRegistration } from './world.ts';

export const account: Command = {
  name: 'account',
  help: 'Makes an account. params: userId, name, permissions, registered (false: true skips consent).',
  async run({ world }, params) {
    const permissions = listParam(params, 'permissions', undefined);
    const name = textParam(params, 'name', undefined);
    const userId = textParam(params, 'userId', undefined);
    const made = addAccount(world, {
      ...(userId === undefined ? {} : { userId }),
      ...(name === undefined ? {} : { name }),
      ...(permissions === undefined ? {} : { permissions }),
    });
    made.registered = switchParam(params, 'registered', false);
    return { userId: made.userId, name: made.name };
  },
};

export const consent: Command = {
  name: 'consent',
  help: 'Follows an authorise address as the athlete would: reads the page, answers it, opens the redirect. params: url, userId, permissions, decision (allow or decline), follow (true).',
  async run(context, params) {
    return followConsent({
      url: textParam(params, 'url', ''),
      userId: textParam(params, 'userId', null) ?? [...context.world.accounts.keys()].at(-1) ?? '',
      permissions: listParam(params, 'permissions', null),
      decision: choiceParam(params, 'decision', ['allow', 'decline'], 'allow'),
      follow: switchParam(params, 'follow', true),
    });
  },
};

export const permissions: Command = {
  name: 'permissions',
  help: 'The athlete changes what the app may use; Garmin tells the full new set. params: userId, permissions, shape (array, object or booleans).',
  async run(context, params) {
    const changed = accountOf(context, params);
    changed.permissions = [...listParam(params, 'permissions', changed.permissions)].sort();
    const shape = choiceParam(params, 'shape', ['array', 'object', 'booleans'], 'array');
    const item = {
      userId: changed.userId,
      summaryId: `x-${changed.userId}`,
      permissions: shaped(changed.permissions, shape),
      changeTimeInSeconds: Math.floor(context.world.now() / 1_000),
    };
    const messages = await context.notifier.tell([{ type: 'userPermissionsChange', item }]);
    return { userId: changed.userId, permissions: changed.permissions, ...sentBy(messages) };
  },
};

export const deregister: Command = {
  name: 'deregister',
  help: 'The athlete disconnects the app at Garmin: tokens end and one last notification comes. params: userId.',
  async run(context, params) {
    const leaving = accountOf(context, params);
    endRegistration(context.world, leaving);
    const messages = await context.notifier.tell([{ type: 'deregistrations', item: { userId: leaving.userId } }]);
    return { userId: leaving.userId, ...sentBy(messages) };
  },
};
