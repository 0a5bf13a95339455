/** A command of the fake: its name, what it says about itself, and what it does. */
import { HubError } from '@coach-hub/core';
import type { Faults } from './faults.ts';
import type { Notifier } from './notifier.ts';
import type { Params } from './params.ts';
import { textParam } from './params.ts';
import type { Portal } from './portal.ts';
import type { Message, Sender } from './sender.ts';
import type { Account, World } from './world.ts';

export interface CommandContext {
  world: World;
  portal: Portal;
  faults: Faults;
  sender: Sender;
  notifier: Notifier;
}

export interface Command {
  name: string;
  help: string;
  run(context: CommandContext, params: Params): Promise<{ [key: string]: unknown }>;
}

/** The account a command is about: the one named, else the one connected last, else the newest. */
export function accountOf({ world }: CommandContext, params: Params): Account {
  const userId = textParam(params, 'userId', null);
  const accounts = [...world.accounts.values()];
  const account =
    userId === null ? (accounts.findLast((each) => each.registered) ?? accounts.at(-1)) : world.accounts.get(userId);
  if (account === undefined) throw unknown(`account "${userId ?? ''}"`, 'Make one with the command "account".');
  return account;
}

export function unknown(what: string, fix: string): HubError {
  return new HubError('bad_request', {
    what: `The fake Garmin knows no ${what}.`,
    why: 'It keeps only what it was told.',
    fix,
  });
}

/** What a command says about the notifications it caused. */
export function sentBy(messages: readonly Message[]): { [key: string]: unknown } {
  return {
    notifications: messages.map(({ id, types, state, attempts }) => ({
      id,
      types,
      state,
      status: attempts.at(-1)?.status ?? null,
    })),
  };
}
