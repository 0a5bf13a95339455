/** Explain: for every field of an object, who decided, by which rule, and what the others say. */
import type { Explanation, FieldExplanation } from '../hub/hub.ts';
import { fieldsOf } from '../model/registry.ts';
import type { StoredObject } from '../store/athlete-change.ts';
import { sourceOf } from './claim.ts';
import { compareClaims } from './record.ts';
import type { AthleteFacts, ResolvedField, RuleCode } from './resolve.ts';
import { viewOf } from './view.ts';

const RULES: { readonly [R in RuleCode]: string } = {
  best_device: 'Measured: the best device decides, all fields of its group from one source.',
  only_source: 'Measured: nobody else says anything.',
  typed_where_no_device: 'Typed: no device measured it.',
  athlete_felt: 'Felt: the athlete’s newest word.',
  athlete_decides: 'The athlete decides.',
  provider_fills_blank: 'A provider fills what the athlete left blank.',
  corrected_by_athlete: 'Corrected: the athlete insisted.',
  latest_setting: 'Setting: the newest value.',
  engine: 'Computed by an engine.',
  computed: 'Computed from the other fields.',
  union: 'Everything the sources say of themselves.',
};

function explained(
  field: string,
  entry: ResolvedField,
  spec: { unit: string | null; class: string } | undefined,
): FieldExplanation {
  return {
    field,
    value: entry.value,
    unit: spec?.unit ?? null,
    class: spec?.class ?? 'derived',
    decidedBy: entry.source,
    rule: RULES[entry.rule],
    others: [...entry.others, ...(entry.earlier ?? []).map((value) => ({ source: 'athlete, earlier', value }))],
  };
}

export function explain(object: StoredObject, athlete: AthleteFacts): Explanation {
  const table = fieldsOf(object.kind) ?? {};
  const { resolved, day } = viewOf(object.kind, object.state, table, athlete);
  const sources = Object.values(object.state.claims)
    .filter((claim) => claim.fields !== null)
    .sort(compareClaims)
    .map((claim) => ({
      source: sourceOf(claim),
      form: claim.form,
      externalId: claim.externalId,
      origin: claim.origin,
      receipt: claim.order.receipt,
      fields: Object.keys(claim.fields ?? {}).length,
    }));
  return {
    kind: object.kind,
    id: object.id,
    rev: object.rev,
    day,
    deleted: object.deleted,
    aliases: Object.keys(object.state.anchors)
      .filter((id) => id !== object.id)
      .sort(),
    sources,
    fields: Object.keys(table).flatMap((field) => {
      const entry = resolved.fields[field];
      return entry === undefined ? [] : [explained(field, entry, table[field])];
    }),
  };
}
