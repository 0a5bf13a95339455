/** What every claim owes to the ledger. */
import assert from 'node:assert/strict';
import { FORMS, ORIGINS } from '../../ledger/claim.ts';
import { fieldsOf } from '../../model/registry.ts';
import type { ClaimDraft } from '../../provider/envelope.ts';
import type { StreamSpec } from '../../provider/streams.ts';

const MAX_ID_CHARS = 512;
const SECRET_LOOKS = [
  /\beyJ[\w-]{8,}\.[\w-]{4,}\./, // a JWT
  /\bbearer\s+[\w.~+/-]{8,}/i,
  /[?&](?:access_)?token=[^&\s"]+/i,
  /"(?:access_token|refresh_token|client_secret|userAccessToken)"/i,
];

/** @throws AssertionError naming the claim and the rule. */
export function assertClaimFits(claim: ClaimDraft, stream: StreamSpec): void {
  const at = `${claim.kind} ${claim.externalId}`;
  assert.ok(stream.kinds.includes(claim.kind), `${at}: its stream declares no claims of this kind`);
  assert.ok(isId(claim.externalId), `${at}: externalId must be 1–${MAX_ID_CHARS} characters`);
  assert.ok(FORMS.includes(claim.form), `${at}: form "${claim.form}" is none of ${FORMS.join(', ')}`);
  assert.ok(ORIGINS.includes(claim.origin), `${at}: origin "${claim.origin}" is none of ${ORIGINS.join(', ')}`);
  assert.ok(Number.isInteger(claim.part) && claim.part >= 0, `${at}: part must be 0 or a session number`);
  assert.ok(claim.identities.every(isId), `${at}: identities must not be empty texts`);
  assert.ok(Number.isFinite(claim.vendorVersion), `${at}: vendorVersion must be a number`);
  assert.ok(Number.isFinite(claim.supersession), `${at}: supersession must be a number`);
  if (claim.fields === null) return;
  assert.deepEqual(
    JSON.parse(JSON.stringify(claim.fields)),
    claim.fields,
    `${at}: fields must be JSON and nothing else`,
  );
  const table = fieldsOf(claim.kind);
  if (!table) return;
  for (const [name, value] of Object.entries(claim.fields)) {
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    assert.ok(spec, `${at}: the hub has no field "${name}" of ${claim.kind}`);
    const parsed = spec.type.safeParse(value);
    assert.ok(
      parsed.success,
      `${at}: ${name} does not fit the field: ${parsed.error?.issues.map(({ message }) => message).join(', ')}`,
    );
  }
}

/** Claims, notes and refs are stored, shown and exported: a secret in one of them is everywhere. */
export function assertNoSecrets(what: string, value: unknown): void {
  const text = JSON.stringify(value, (_, inner) => (inner instanceof Uint8Array ? undefined : inner)) ?? '';
  const found = SECRET_LOOKS.find((looks) => looks.test(text));
  assert.ok(!found, `${what} holds something that looks like a token (${found})`);
}

/** One envelope makes one statement per key: of two with one key, the second would silently replace the first. */
export function assertKeysDiffer(claims: readonly ClaimDraft[]): void {
  const keys = claims.map(({ kind, externalId, form, part }) => [kind, externalId, form, part].join('|'));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  assert.equal(twice, undefined, `two claims of one envelope have the key ${twice}`);
}

function isId(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '' && text.length <= MAX_ID_CHARS;
}
