/** Athlete tokens for development and the demo. */
import { HubError } from '@coach-hub/core';
import { issueAthleteToken } from '@coach-hub/server';
import type { OpenedProject } from './open-project.ts';

/** `iss` where the configuration expects none in particular: command, demo and curl then mean the same athlete. */
export const DEVELOPMENT_ISSUER = 'coach-hub-development';

export interface IssuedToken {
  token: string;
  /** The hub's id of the athlete the token is for. */
  athleteId: string;
  issuer: string;
  subject: string;
  expiresAt: string;
}

/** @throws HubError `config_invalid` where the hub has no shared secret to sign with. */
export async function issueToken(
  { project, hub, ports }: Pick<OpenedProject, 'project' | 'hub' | 'ports'>,
  { subject, ttlS }: { subject: string; ttlS: number },
): Promise<IssuedToken> {
  const { jwtSecret } = project.secrets;
  if (jwtSecret === null) throw noSecret();
  const issuer = project.config.auth.issuer ?? DEVELOPMENT_ISSUER;
  const { clock } = ports;
  const expiresAt = new Date(clock.now() + ttlS * 1_000).toISOString();
  const token = await issueAthleteToken({
    secret: jwtSecret,
    issuer,
    subject,
    audience: project.config.auth.audience,
    ttlS,
    clock,
  });
  // A development token is for the athlete of that name, so that `--athlete` means one thing in every command.
  const athleteId = await hub.athletes.ofSubject(issuer, subject, subject);
  return { token, athleteId, issuer, subject, expiresAt };
}

function noSecret(): HubError {
  return new HubError('config_invalid', {
    what: 'No token can be issued.',
    why: 'Neither COACH_JWT_SECRET nor the key file of the data folder holds a shared secret; tokens of a key set are signed by its issuer.',
    fix: 'Set COACH_JWT_SECRET to 32 or more random bytes, or get a token from the app’s backend.',
  });
}
