/** The server over a hub, with the ways this project lets callers prove who they are. */
import type { Hub } from '@coach-hub/core';
import {
  createAuth,
  createServer,
  type KeySetFetch,
  keySetVerifier,
  type Metrics,
  operatorKeyring,
  type ServerApp,
  sharedSecretVerifier,
  type TokenVerifier,
} from '@coach-hub/server';
import type { Project } from '../project/read-project.ts';
import type { Ports } from '../world.ts';

export function serverOf(
  hub: Hub,
  { config, secrets }: Pick<Project, 'config' | 'secrets'>,
  ports: Ports,
  metrics: Metrics | null = null,
): ServerApp {
  const auth = createAuth({
    athletes: hub.athletes,
    verifiers: verifiersOf({ config, secrets }, ports),
    operators: operatorKeyring(secrets.operatorKeys),
  });
  return createServer({ hub, auth, config, metrics, ...ports });
}

function verifiersOf({ config, secrets }: Pick<Project, 'config' | 'secrets'>, { clock }: Ports): TokenVerifier[] {
  const { issuer, audience, jwksUrl } = config.auth;
  const expected = { issuer, audience, clock };
  return [
    ...(secrets.jwtSecret === null ? [] : [sharedSecretVerifier({ ...expected, secret: secrets.jwtSecret })]),
    ...(jwksUrl === null ? [] : [keySetVerifier({ ...expected, jwksUrl, fetch: fetchKeySet })]),
  ];
}

/** The address comes from the operator's own configuration, not from a provider or a phone. */
const fetchKeySet: KeySetFetch = (url, init) => fetch(url, init);
