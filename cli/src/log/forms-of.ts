/** The forms one secret takes: as it is, inside JSON, in an address, in hex, in base64 of something longer. */
export function formsOf(secret: string | Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const text =
    typeof secret === 'string' ? [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)] : [];
  return [...text, hex, hex.toUpperCase(), ...inBase64(bytes)];
}

/**
 * Within longer base64 (an Authorization header, a sealed body) the same bytes look different by where they begin: at
 * one of three places. Characters that depend on the neighbours are left out.
 */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    const [first, end] = [Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map((alphabet) => shifted.toString(alphabet).slice(first, end));
  });
}
