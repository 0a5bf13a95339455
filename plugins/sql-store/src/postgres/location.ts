import { HubError } from '@coach-hub/core';

const SCHEME = /^postgres(ql)?:\/\//i;

export function isPostgresUrl(url: string): boolean {
  return SCHEME.test(url);
}

/** How an operator is told which database it is: never with a password or the name of a user. */
export function placeOf(url: string): string {
  const { host, pathname } = parsed(url);
  return `postgres://${host}${pathname}`;
}

/** @throws HubError `config_invalid`. */
function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new HubError('config_invalid', {
      what: 'The address of the database cannot be read.',
      why: 'It is not written as postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
      fix: 'Correct it. Characters of the password that mean something in an address are written as %XX.',
    });
  }
}
