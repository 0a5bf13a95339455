import type { Kind } from '../wire/kinds.ts';
import { activity } from './activity.ts';
import type { FieldTable } from './field.ts';
import { profile } from './profile.ts';
import { question } from './question.ts';

/** Field tables of the kinds this hub stores. A kind that is not here is answered `unknown_kind`. */
export const REGISTRY: { readonly [K in Kind]?: FieldTable } = { activity, profile, question };

/** Kinds an athlete may create. */
export const ATHLETE_KINDS: ReadonlySet<Kind> = new Set<Kind>(['activity', 'profile']);

export function fieldsOf(kind: Kind): FieldTable | undefined {
  return Object.hasOwn(REGISTRY, kind) ? REGISTRY[kind] : undefined;
}
