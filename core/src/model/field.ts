import { z } from 'zod';

/**
 * Who decides a field. `objective`: the best device. `subjective`: the athlete's newest word. `user`: the athlete,
 * a provider only fills a blank. `derived`: computed, never merged. `identity`: union of what all sources say.
 * `setting`: the athlete, newest first. `plan`: the backend from its effective day on.
 */
export type FieldClass = 'objective' | 'subjective' | 'user' | 'derived' | 'identity' | 'setting' | 'plan';

/** Difference below which two values are one: the larger of `abs` and `rel` × value. */
export interface Tolerance {
  abs?: number;
  rel?: number;
}

export interface FieldSpec {
  class: FieldClass;
  /** What a valid value is. */
  type: z.ZodType;
  /** Unit, when the name does not say all of it. */
  unit: string | null;
  tolerance: Tolerance | 'exact';
  /** Tolerance when the activity was indoors, where distance is an estimate. */
  indoorTolerance?: Tolerance;
  /** Fields of one group come from one source, so that pace equals distance over time. */
  group: string | null;
  /** When an explicit correction by the athlete wins over a device. */
  correctable: 'never' | 'always' | 'indoor';
  /** How the athlete may write it: as an ordinary value, only as a correction, or not at all. */
  athlete: 'typed' | 'override' | 'none';
  /** A source's 0 says nothing: a diary without entries, an effort that was not asked for. */
  zeroIsBlank?: true;
  /** The athlete's earlier words are kept beside the newest: of two texts written offline none is thrown away. */
  keepsEarlier?: true;
  help: string;
}

export type FieldTable = { readonly [field: string]: FieldSpec };

const groups = new WeakMap<FieldTable, ReadonlyMap<string, readonly string[]>>();

/** The fields of each group of a table. Tables are constants, so it is worked out once. */
export function groupsOf(table: FieldTable): ReadonlyMap<string, readonly string[]> {
  const known = groups.get(table);
  if (known !== undefined) return known;
  const made = new Map<string, string[]>();
  for (const [field, { group }] of Object.entries(table)) {
    if (group !== null) made.set(group, [...(made.get(group) ?? []), field]);
  }
  groups.set(table, made);
  return made;
}

const EXACT = 'exact' as const;

/** A field the athlete types, exact, alone in its group; `more` says what is otherwise. */
function field(fieldClass: FieldClass, type: z.ZodType, help: string, more: Partial<FieldSpec> = {}): FieldSpec {
  return {
    class: fieldClass,
    type,
    unit: null,
    tolerance: EXACT,
    group: null,
    correctable: 'never',
    athlete: 'typed',
    help,
    ...more,
  };
}

/** A measured value: the best device decides, a typed one stands in where no device measured. */
export function objective(
  group: string,
  type: z.ZodType,
  tolerance: FieldSpec['tolerance'],
  help: string,
  more: Partial<FieldSpec> = {},
): FieldSpec {
  return field('objective', type, help, { tolerance, group, ...more });
}

/** How it felt: the athlete's newest word. */
export function subjective(type: z.ZodType, help: string, more: Partial<FieldSpec> = {}): FieldSpec {
  return field('subjective', type, help, more);
}

/** How the athlete wants things: the newest word, whichever phone it was said on. */
export function setting(type: z.ZodType, help: string): FieldSpec {
  return field('setting', type, help);
}

/** Decided by an engine from its effective day on; nobody else writes it. */
export function planned(type: z.ZodType, help: string): FieldSpec {
  return field('plan', type, help, { athlete: 'none' });
}

/** The athlete's own ordering of things; a provider only fills a blank. */
export function user(type: z.ZodType, help: string): FieldSpec {
  return field('user', type, help);
}

/** Computed by the hub or an engine. */
export function derived(type: z.ZodType, help: string): FieldSpec {
  return field('derived', type, help, { athlete: 'none' });
}

/** Read by a device, but an explicit correction by the athlete wins. */
export function corrected(type: z.ZodType, help: string, more: Partial<FieldSpec> = {}): FieldSpec {
  return field('objective', type, help, { correctable: 'always', ...more });
}

/** What all sources say of themselves, together. */
export function identity(type: z.ZodType, help: string): FieldSpec {
  return field('identity', type, help, { athlete: 'none' });
}

/** A number in a closed range. */
export function range(min: number, max: number): z.ZodType {
  return z.number().min(min).max(max);
}

/** A whole number in a closed range. */
export function whole(min: number, max: number): z.ZodType {
  return z.int().min(min).max(max);
}

/** Whether two values of a field count as equal. */
export function withinTolerance(spec: FieldSpec, a: unknown, b: unknown, indoor = false): boolean {
  if (a === b) return true;
  const tolerance = indoor && spec.indoorTolerance !== undefined ? spec.indoorTolerance : spec.tolerance;
  if (tolerance === EXACT || typeof a !== 'number' || typeof b !== 'number') {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  const allowed = Math.max(tolerance.abs ?? 0, (tolerance.rel ?? 0) * Math.max(Math.abs(a), Math.abs(b)));
  return Math.abs(a - b) <= allowed;
}
