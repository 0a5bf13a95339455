/** Who sent a request, as their credential proves it. */
export type Principal =
  | {
      type: 'athlete';
      athleteId: string;
      /** Epoch ms at which the token ends. */
      tokenEndsAtMs: number;
    }
  | { type: 'operator'; role: OperatorRole };

/** `read` looks; `admin` includes it, and is for what operators may change, of which there is nothing yet. */
export type OperatorRole = 'read' | 'admin';

export interface Auth {
  /**
   * Reads an `Authorization` header. No other place of a request is looked at: an address ends up in logs and histories.
   *
   * @throws HubError `unauthorized`, `token_expired`; `busy` when the issuer's keys cannot be had just now.
   */
  identify(authorization: string | undefined): Promise<Principal>;
}
