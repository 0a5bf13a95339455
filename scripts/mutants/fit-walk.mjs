/** Where the definitions of a FIT file are, as far as it can be followed. */
const HEADER_BYTES = new Set([12, 14]);

/** @returns `{ at, fields }` of each definition message: the offset of its first byte, and how many fields it defines. */
export function definitionsOf(bytes) {
  const found = [];
  if (!HEADER_BYTES.has(bytes[0])) return found;
  const sizes = new Map();
  let at = bytes[0];
  while (at + 6 <= bytes.length) {
    const head = bytes[at];
    const isCompressed = (head & 0x80) !== 0;
    const local = isCompressed ? (head >> 5) & 3 : head & 15;
    if (!isCompressed && (head & 0x40) !== 0) {
      const fields = bytes[at + 5];
      found.push({ at, fields });
      const end = at + 6 + fields * 3;
      sizes.set(local, sizesAt(bytes, at + 6, fields));
      at = end;
      if ((head & 0x20) !== 0 && end < bytes.length) {
        sizes.set(local, sizes.get(local) + sizesAt(bytes, end + 1, bytes[end]));
        at = end + 1 + bytes[end] * 3;
      }
    } else {
      const size = sizes.get(local);
      if (size === undefined) break;
      at += 1 + size;
    }
  }
  return found;
}

function sizesAt(bytes, from, fields) {
  let sum = 0;
  for (let field = 0; field < fields; field++) sum += bytes[from + field * 3 + 1] ?? 0;
  return sum;
}
