/** A statement that no provider sent: of the ledger itself, or of an engine. */
import type { JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import { type Claim, claimKeyOf } from './claim.ts';

export interface OwnStatement {
  kind: Kind;
  /** `engine:<id>`; the ledger's own is `LEDGER_SOURCE`. */
  source: string;
  externalId: string;
  fields: JsonObject | null;
  /** Which of two is newer; 0 where the writer replaces it by itself. */
  version?: number;
}

/** Source word of the ledger's own statements; `engine:` sources are shown as they are. */
export const LEDGER_SOURCE = 'engine:ledger';

export function ownClaim({ kind, source, externalId, fields, version = 0 }: OwnStatement): Claim {
  const place = { kind, provider: source, connectionId: null, externalId, form: 'summary' as const, part: 0 };
  return {
    claimKey: claimKeyOf(place),
    ...place,
    order: { vendorVersion: version, supersession: 0, receipt: 0, mappingVersion: 0 },
    origin: 'manual',
    identities: [],
    groupKey: null,
    quality: null,
    fields,
    series: null,
    file: null,
  };
}
