/**
 * The bytes we keep of one item: what mapping may want, now or later, in one canonical text.
 *
 * Canonical, so that the same statement has the same hash whether it came by push or by ping: keys sorted, nulls left
 * out, ids as text, numbers as JavaScript writes them. The account is left out because the connection knows it and
 * some ping answers do not say it. Tokens and the person's name and address are never stored.
 */
import { idText } from './activity-id.ts';

const LEFT_OUT = new Set([
  'userid',
  'useraccesstoken',
  'callbackurl',
  'uploadstarttimeinseconds',
  'uploadendtimeinseconds',
  'email',
  'emailaddress',
  'username',
  'displayname',
  'fullname',
  'firstname',
  'lastname',
  'profileimageurl',
  '__proto__',
]);
const SECRET = /token|secret|password|authorization/;
const IDS = new Set(['activityId', 'summaryId', 'parentSummaryId']);

const encoder = new TextEncoder();

/** Canonical bytes of one item without what must not be stored. */
export function scrubItem(item: object): Uint8Array {
  const names = new Map<string, boolean>();
  const clean = readable(item, names);
  const kept = [...names].filter(([, isKept]) => isKept).map(([name]) => name);
  // A list of names does all at once: it leaves out every other member, at any depth, and orders those that stay.
  return encoder.encode(JSON.stringify(clean, kept.sort()));
}

/**
 * The value with ids as text and without null members. What needs no change is not copied: a long recording has a
 * hundred thousand samples.
 *
 * @param names gains the name of every member, and whether it may be kept.
 */
function readable(value: unknown, names: Map<string, boolean>): unknown {
  if (Array.isArray(value)) return mapped(value, (each) => readable(each, names));
  if (typeof value !== 'object' || value === null) return value;
  let copy: { [name: string]: unknown } | null = null;
  for (const name of Object.keys(value)) {
    if (!isKept(name, names)) continue;
    const member = (value as { [name: string]: unknown })[name];
    const kept = IDS.has(name) ? (idText(member) ?? member) : readable(member, names);
    if (kept === member && member !== null) continue;
    copy ??= { ...value };
    if (kept === null) delete copy[name];
    else copy[name] = kept;
  }
  return copy ?? value;
}

/** The same array when no element changes. */
function mapped(values: unknown[], change: (value: unknown) => unknown): unknown[] {
  let copy: unknown[] | null = null;
  for (let i = 0; i < values.length; i++) {
    const changed = change(values[i]);
    if (changed === values[i]) continue;
    copy ??= [...values];
    copy[i] = changed;
  }
  return copy ?? values;
}

function isKept(name: string, names: Map<string, boolean>): boolean {
  let verdict = names.get(name);
  if (verdict === undefined) {
    const lower = name.toLowerCase();
    verdict = !LEFT_OUT.has(lower) && !SECRET.test(lower);
    names.set(name, verdict);
  }
  return verdict;
}
