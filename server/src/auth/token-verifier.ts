/** The facts of an athlete token whose signature and claims hold. */
export interface VerifiedToken {
  issuer: string;
  subject: string;
  expiresAtMs: number;
}

/** Verifies the tokens of one way of signing. */
export interface TokenVerifier {
  /** Algorithms it accepts. They are pinned here, so a token cannot choose how it is checked. */
  readonly algorithms: readonly string[];
  /** @throws HubError `unauthorized`, `token_expired`, `busy`. */
  verify(token: string): Promise<VerifiedToken>;
}

/** What a token has to say to be for this hub. */
export interface TokenExpectations {
  /** Expected `iss`; null accepts any issuer whose key verifies. */
  issuer: string | null;
  /** Expected `aud`; null does not look. */
  audience: string | null;
}
