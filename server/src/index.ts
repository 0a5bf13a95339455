/** The HTTP server of Coach Hub: an app over a `Hub`, ways to tell who calls, and a port to listen on. */
export type { Auth, OperatorRole, Principal } from './auth/auth.ts';
export { type AuthOptions, createAuth } from './auth/create-auth.ts';
export { type AthleteTokenOptions, issueAthleteToken } from './auth/issue-athlete-token.ts';
export { type KeySetFetch, keySetVerifier } from './auth/key-set-verifier.ts';
export { OPERATOR_KEY_PREFIX, type OperatorKeyring, operatorKeyring } from './auth/operator-keyring.ts';
export { sharedSecretVerifier } from './auth/shared-secret-verifier.ts';
export type { TokenExpectations, TokenVerifier, VerifiedToken } from './auth/token-verifier.ts';
export { createServer, type ServerApp, type ServerOptions } from './create-server.ts';
export type { ServerConfig } from './deps.ts';
export type { HubEnv } from './hub-env.ts';
export { type Listening, type ListenOptions, listen } from './listen.ts';
export type { AnsweredRequest, Metrics } from './metrics/metrics.ts';
export { createPrometheus, type PrometheusOptions } from './metrics/prometheus.ts';
