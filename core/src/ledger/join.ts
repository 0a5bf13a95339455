/** Join: how two states of knowledge become one. Commutative, associative, idempotent. */
import { type Claim, compareOrder } from './claim.ts';
import { type Anchor, type AthleteLayer, emptyLayer, type ObjectState, type Stamped } from './object-state.ts';
import { compareStamped } from './stamp.ts';

/** The newer of two statements under one claim key. */
export function newerClaim(a: Claim | undefined, b: Claim): Claim {
  return a !== undefined && compareOrder(a.order, b.order) >= 0 ? a : b;
}

function newerStamped<T>(a: Stamped<T> | null | undefined, b: Stamped<T> | null | undefined): Stamped<T> | null {
  if (a === null || a === undefined) return b ?? null;
  if (b === null || b === undefined) return a;
  return compareStamped(a, b) >= 0 ? a : b;
}

/** Earlier words that are kept of one field. */
const EARLIER_KEPT = 5;

/** The newest of all words, the others behind it, each text once: the same whatever the order they were joined in. */
function withEarlier(stamped: Stamped[]): Stamped {
  const words = new Map<string, Stamped>();
  for (const word of stamped.flatMap(({ earlier, ...newest }) => [newest, ...(earlier ?? [])])) {
    const text = JSON.stringify(word.value);
    const held = words.get(text);
    if (held === undefined || compareStamped(word, held) > 0) words.set(text, word);
  }
  const [newest, ...rest] = [...words.values()].sort((a, b) => compareStamped(b, a));
  const earlier = rest.slice(0, EARLIER_KEPT);
  return { ...(newest as Stamped), ...(earlier.length === 0 ? {} : { earlier }) };
}

function joinStampedFields(
  a: { [field: string]: Stamped },
  b: { [field: string]: Stamped },
): { [field: string]: Stamped } {
  const joined = { ...a };
  for (const [field, value] of Object.entries(b)) {
    const held = joined[field];
    const keeps = held?.earlier !== undefined || value.earlier !== undefined;
    if (keeps) joined[field] = withEarlier(held === undefined ? [value] : [held, value]);
    else joined[field] = newerStamped(held, value) ?? value;
  }
  return joined;
}

export function joinLayers(a: AthleteLayer | undefined, b: AthleteLayer): AthleteLayer {
  const base = a ?? emptyLayer();
  return {
    created: base.created || b.created,
    typed: joinStampedFields(base.typed, b.typed),
    override: joinStampedFields(base.override, b.override),
    deleted: newerStamped(base.deleted, b.deleted),
  };
}

function olderAnchor(a: Anchor | undefined, b: Anchor): Anchor {
  return a !== undefined && a.createdRev <= b.createdRev ? a : b;
}

export function joinStates(a: ObjectState, b: ObjectState): ObjectState {
  const joined: ObjectState = {
    claims: { ...a.claims },
    layers: { ...a.layers },
    anchors: { ...a.anchors },
    context: a.context,
  };
  for (const [key, claim] of Object.entries(b.claims)) joined.claims[key] = newerClaim(joined.claims[key], claim);
  for (const [id, layer] of Object.entries(b.layers)) joined.layers[id] = joinLayers(joined.layers[id], layer);
  for (const [id, anchor] of Object.entries(b.anchors)) joined.anchors[id] = olderAnchor(joined.anchors[id], anchor);
  return joined;
}

function sorted<T>(table: { [key: string]: T }): { [key: string]: T } {
  const keys = Object.keys(table);
  // What was read from the store is in order already.
  if (keys.every((key, at) => at === 0 || (keys[at - 1] as string) < key)) return table;
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The same state in one fixed order of keys, so that equal knowledge is equal text. */
export function canonicalState(state: ObjectState): ObjectState {
  const layers = Object.fromEntries(
    Object.entries(state.layers).map(([id, layer]) => [
      id,
      { ...layer, typed: sorted(layer.typed), override: sorted(layer.override) },
    ]),
  );
  return {
    claims: sorted(state.claims),
    layers: sorted(layers),
    anchors: sorted(state.anchors),
    context: state.context,
  };
}
