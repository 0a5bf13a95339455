/** Every command, in the order a person meets them. */
import * as accounts from './account-commands.ts';
import * as activities from './activity-commands.ts';
import type { Command } from './command.ts';
import { copy } from './copy-command.ts';
import * as portal from './portal-commands.ts';
import * as runs from './run-command.ts';

export const COMMANDS: readonly Command[] = [
  accounts.account,
  accounts.consent,
  runs.run,
  activities.manual,
  activities.edit,
  activities.redeliver,
  runs.file,
  copy,
  accounts.permissions,
  accounts.deregister,
  portal.endpoint,
  portal.hold,
  portal.release,
  portal.settings,
  portal.unknownUser,
  portal.raw,
  portal.settle,
  portal.log,
];
