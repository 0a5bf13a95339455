import { HubError } from '@coach-hub/core';
import type { Auth, OperatorRole, Principal } from './auth.ts';

/**
 * Who may use a route: anybody, the athlete about themselves, or also an operator whose role includes `read` and who
 * names the athlete with `?athlete=ID`. `operator_read` is about the hub itself, and no athlete's business.
 */
export type Access = 'none' | 'athlete' | 'athlete_or_operator_read' | 'operator_read';

/** The role an operator needs for it; null where none is enough. */
const ROLE_NEEDED: Readonly<Record<Exclude<Access, 'none'>, OperatorRole | null>> = {
  athlete: null,
  athlete_or_operator_read: 'read',
  operator_read: 'read',
};

/** What each role may do: `admin` includes `read`. */
const ROLES_HELD: Readonly<Record<OperatorRole, readonly OperatorRole[]>> = {
  read: ['read'],
  admin: ['read', 'admin'],
};

/** Whom a route answers about. */
export interface Caller {
  athleteId: string;
  /** Epoch ms at which the athlete's token ends; null for an operator. */
  tokenEndsAtMs: number | null;
}

export type CallerOf<A extends Access> = A extends 'none' | 'operator_read'
  ? null
  : A extends 'athlete'
    ? Caller & { tokenEndsAtMs: number }
    : Caller;

/** @throws HubError `unauthorized`, `token_expired`, `forbidden`, `bad_request`. */
export async function authorise(
  auth: Auth,
  access: Access,
  authorization: string | undefined,
  athlete: string | undefined,
): Promise<Caller | null> {
  if (access === 'none') return null;
  const principal = await auth.identify(authorization);
  if (principal.type === 'operator') {
    checkRole(principal.role, ROLE_NEEDED[access]);
    return access === 'operator_read' ? null : asOperator(athlete);
  }
  if (access === 'operator_read') throw notForAthletes();
  return asAthlete(principal, athlete);
}

function notForAthletes(): HubError {
  return new HubError('forbidden', {
    what: 'A token of an athlete does not open this route.',
    why: 'It is about the whole hub, which is its operators’ business.',
    fix: 'Use an operator key.',
  });
}

function asAthlete(principal: Extract<Principal, { type: 'athlete' }>, athlete: string | undefined): Caller {
  if (athlete !== undefined && athlete !== principal.athleteId) {
    throw new HubError('forbidden', {
      what: 'An athlete cannot read about another athlete.',
      why: '"?athlete=" names somebody other than the owner of the token.',
      fix: 'Leave "?athlete=" out, or use an operator key.',
    });
  }
  return { athleteId: principal.athleteId, tokenEndsAtMs: principal.tokenEndsAtMs };
}

function checkRole(role: OperatorRole, needed: OperatorRole | null): void {
  if (needed === null || !ROLES_HELD[role].includes(needed)) {
    throw new HubError('forbidden', {
      what: 'An operator key does not open this route.',
      why: needed === null ? 'It acts for an athlete, and only the athlete may.' : `It needs the role "${needed}".`,
      fix: 'Use a token of the athlete.',
    });
  }
}

function asOperator(athlete: string | undefined): Caller {
  if (athlete === undefined || athlete === '') {
    throw new HubError('bad_request', {
      what: 'The athlete is not named.',
      why: 'An operator key belongs to no athlete.',
      fix: 'Add "?athlete=ID" to the address.',
    });
  }
  return { athleteId: athlete, tokenEndsAtMs: null };
}
