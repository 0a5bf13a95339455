/** Tokens of a connection as the hub keeps them: sealed, bound to their row. */
import type { OAuthAdapter, TokenSet } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { Vault } from '../vault/vault.ts';

type Row = Pick<ConnectionRow, 'connectionId' | 'athleteId'>;

/** A provider's answer of the token endpoint, as parsed. */
export type TokenBody = { [key: string]: unknown };

export function sealTokens(vault: Vault, row: Row, tokens: TokenSet): string {
  return vault.seal(JSON.stringify(tokens), tokenBinding(row));
}

/** @throws HubError `vault_unreadable`. */
export function openTokens(vault: Vault, row: Row & Pick<ConnectionRow, 'sealedTokens'>): TokenSet | null {
  return row.sealedTokens === null ? null : (JSON.parse(vault.open(row.sealedTokens, tokenBinding(row))) as TokenSet);
}

/** What the tokens of a row are sealed to. */
export function tokenBinding({ connectionId, athleteId }: Row): string {
  return `connection:${connectionId}:${athleteId}`;
}

/**
 * Reads a token answer, in the adapter's way or as RFC 6749 has it.
 *
 * @param before what was valid until now: a provider may leave out what stays.
 * @returns null when the answer holds no access token.
 */
export function readTokenBody(
  auth: OAuthAdapter,
  body: TokenBody,
  nowMs: number,
  before: TokenSet | null,
): TokenSet | null {
  const read = auth.readTokenBody?.(body, nowMs) ?? standardTokens(body, nowMs);
  const accessToken = read.accessToken || (auth.lifecycle === 'extended_in_place' ? (before?.accessToken ?? '') : '');
  if (accessToken === '') return null;
  return {
    accessToken,
    refreshToken: read.refreshToken ?? before?.refreshToken ?? null,
    expiresAtMs: read.expiresAtMs,
    refreshExpiresAtMs:
      read.refreshExpiresAtMs ?? (read.refreshToken === null ? (before?.refreshExpiresAtMs ?? null) : null),
    extras: { ...before?.extras, ...read.extras },
  };
}

function standardTokens(body: TokenBody, nowMs: number): TokenSet {
  return {
    accessToken: textOf(body.access_token) ?? '',
    refreshToken: textOf(body.refresh_token),
    expiresAtMs: endOf(body.expires_in, nowMs),
    refreshExpiresAtMs: endOf(body.refresh_token_expires_in ?? body.refresh_expires_in, nowMs),
    extras: {},
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Seconds from now, as a number or as text, which some providers send. */
function endOf(seconds: unknown, nowMs: number): number | null {
  const count = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof count === 'number' && Number.isFinite(count) ? nowMs + count * 1000 : null;
}
