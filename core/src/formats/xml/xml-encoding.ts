/**
 * Which characters the bytes of an XML file stand for.
 *
 * A byte-order mark says it, else the first characters: they are `<` or white space in every encoding. Only where those
 * are single bytes does the declaration count; one that claims UTF-16 there is a known slip of programs that declare
 * what their strings are in memory and write UTF-8.
 */
export interface XmlEncoding {
  decoder: InstanceType<typeof TextDecoder>;
  /** What the file declares, where nobody knows such an encoding. UTF-8 is read in its place. */
  unknown: string | null;
}

/** A declaration is at the very start and short. */
const DECLARATION_BYTES = 256;
const DECLARED = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]{1,40})["']/;

export function xmlEncodingOf(bytes: Uint8Array): XmlEncoding {
  const marked = markedEncoding(bytes);
  if (marked !== null) return { decoder: new TextDecoder(marked), unknown: null };
  const head = String.fromCharCode(...bytes.subarray(0, DECLARATION_BYTES));
  const declared = DECLARED.exec(head)?.[1] ?? 'utf-8';
  if (/^(?:utf-?16|ucs-?2|iso-10646)/i.test(declared)) return { decoder: new TextDecoder('utf-8'), unknown: null };
  try {
    return { decoder: new TextDecoder(declared), unknown: null };
  } catch {
    return { decoder: new TextDecoder('utf-8'), unknown: declared };
  }
}

function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && isMarkupOrSpace(first)) return 'utf-16le';
  return first === 0 && isMarkupOrSpace(second) ? 'utf-16be' : null;
}

function isMarkupOrSpace(byte: number | undefined): boolean {
  return byte === 0x3c || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
