/** What a vendor, or a bad day, may make of recorded bytes. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The JSON in the bytes; undefined when they hold something else. */
export function jsonIn(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

export function bytesOf(json: Json): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

/** With a member nobody knows yet in every object. Objects whose keys are all numbers are tables, and stay. */
export function withNewMembers(json: Json): Json {
  if (Array.isArray(json)) return json.map(withNewMembers);
  if (json === null || typeof json !== 'object') return json;
  const members = Object.entries(json).map(([key, value]) => [key, withNewMembers(value)]);
  const isTable = members.length > 0 && Object.keys(json).every((key) => /^-?\d+$/.test(key));
  return Object.fromEntries(isTable ? members : [...members, ['memberOfTomorrow', 'value']]);
}

/** With a value nobody knows yet wherever a member of this name holds a text. */
export function withNewEnumValue(json: Json, member: string): Json {
  if (Array.isArray(json)) return json.map((each) => withNewEnumValue(each, member));
  if (json === null || typeof json !== 'object') return json;
  const replaced = Object.entries(json).map(([key, value]) => [
    key,
    key === member && typeof value === 'string' ? 'VALUE_OF_TOMORROW' : withNewEnumValue(value, member),
  ]);
  return Object.fromEntries(replaced);
}

const ODD_VALUES: readonly Json[] = [null, 'text', 5, {}, [], [null, 5, 'text', {}, []], [[[]]]];

/** Bytes that came damaged, cut off, or from somebody who tries things. */
export function garbage(recorded: readonly Uint8Array[]): Uint8Array[] {
  const texts = [
    '',
    ' ',
    'null',
    'true',
    '0',
    '""',
    '[]',
    '{}',
    '{"a":',
    '[1,2',
    '{"__proto__":{"x":1}}',
    '[null]',
    '\uFEFF{}',
  ];
  const fixed = [
    ...texts.map((text) => new TextEncoder().encode(text)),
    bytesOf(nested(400)),
    Uint8Array.of(0xff, 0xfe, 0x00),
    noise(1),
    noise(5_000),
  ];
  return [...fixed, ...recorded.flatMap(damaged)];
}

function damaged(bytes: Uint8Array): Uint8Array[] {
  const cut = [0.25, 0.5, 0.75, 0.99].map((part) => bytes.slice(0, Math.floor(bytes.length * part)));
  const draw = drawer(bytes.length);
  const flipped = Array.from({ length: 8 }, () => {
    const copy = bytes.slice();
    const at = Math.floor(draw() * copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(draw() * 8));
    return copy;
  });
  const json = jsonIn(bytes);
  const odd = json !== null && typeof json === 'object' && !Array.isArray(json) ? oddMembers(json) : [];
  return [...cut, ...flipped, ...odd];
}

/** Each member replaced by what it is not, alone and inside the first item of a list. */
function oddMembers(json: { [key: string]: Json }): Uint8Array[] {
  return Object.entries(json).flatMap(([key, value]) => {
    const whole = ODD_VALUES.map((odd) => bytesOf({ ...json, [key]: odd }));
    const [first, ...rest] = Array.isArray(value) ? value : [];
    if (first === undefined || first === null || typeof first !== 'object' || Array.isArray(first)) return whole;
    const inside = Object.keys(first).flatMap((inner) =>
      ODD_VALUES.map((odd) => bytesOf({ ...json, [key]: [{ ...first, [inner]: odd }, ...rest] })),
    );
    return [...whole, ...inside];
  });
}

function nested(depth: number): Json {
  return depth === 0 ? [] : [nested(depth - 1)];
}

function noise(length: number): Uint8Array {
  const draw = drawer(length);
  return Uint8Array.from({ length }, () => Math.floor(draw() * 256));
}

/** The same "random" numbers for the same seed, so that a broken law breaks again. */
function drawer(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
