import { describe, expect, it } from 'vitest';
import { latin1, utf8, utf16 } from '../track/xml-files.test-support.ts';
import { readXml, type XmlReading } from './read-xml.ts';
import { XML_LIMITS } from './xml-limits.ts';

/** What is told of a file, as lines. */
function told(file: string | Uint8Array): { lines: string[]; reading: XmlReading } {
  const lines: string[] = [];
  const reading = readXml(typeof file === 'string' ? utf8(file) : file, {
    open: (name, attributes, parent) =>
      void lines.push(`<${name} ${JSON.stringify(attributes)} in ${parent ?? 'nothing'}`),
    close: (name, text, parent) => void lines.push(`>${name} "${text}" in ${parent ?? 'nothing'}`),
  });
  return { lines, reading };
}

const SOUND: XmlReading = {
  stop: null,
  isCut: false,
  hasTrailingText: false,
  hasDoctype: false,
  strayAmpersands: 0,
  badCharacters: 0,
  unknownEncoding: null,
};

describe('an XML file', () => {
  it('is told element by element, whatever the prefixes', () => {
    const file = '<?xml version="1.0"?><n3:a xmlns:n3="urn:x"><b x="1"> 4 &lt; 5 </b><undeclared:c/></n3:a>\n';
    expect(told(file)).toEqual({
      lines: [
        '<a {"xmlns:n3":"urn:x"} in nothing',
        '<b {"x":"1"} in a',
        '>b "4 < 5" in a',
        '<c {} in a',
        '>c "" in a',
        '>a "" in nothing',
      ],
      reading: SOUND,
    });
  });

  it('takes CDATA for text and passes over comments and instructions', () => {
    expect(told('<a><!-- x --><?y z?><![CDATA[<running>]]></a>').lines.at(-1)).toBe('>a "<running>" in nothing');
  });

  it('may begin with blank lines', () => {
    expect(told('\r\n  <?xml version="1.0"?><a>1</a>').reading).toEqual(SOUND);
  });
});

describe('the encoding of a file', () => {
  const text = (declared: string): string => `<?xml version="1.0" encoding="${declared}"?><a>Zürich</a>`;

  it.each([
    ['UTF-8', utf8(text('UTF-8'))],
    ['UTF-8 with a byte-order mark', utf8(`\uFEFF${text('UTF-8')}`)],
    ['UTF-16, little-endian', utf16(text('UTF-16'))],
    ['UTF-16, big-endian', utf16(text('UTF-16'), { bigEndian: true })],
    ['UTF-16 without a mark', utf16(text('UTF-16'), { mark: false })],
    ['UTF-16, big-endian, without a mark', utf16(text('UTF-16'), { bigEndian: true, mark: false })],
    ['ISO-8859-1', latin1(text('ISO-8859-1'))],
    ['UTF-8 that claims to be UTF-16', utf8(text('utf-16'))],
    ['UTF-8 that claims nothing', utf8('<a>Zürich</a>')],
  ])('is found out: %s', (_name, bytes) => {
    expect(told(bytes)).toEqual({ lines: ['<a {} in nothing', '>a "Zürich" in nothing'], reading: SOUND });
  });

  it('is UTF-8 when nobody knows the declared one, and the reading says so', () => {
    const { lines, reading } = told(text('KLINGON-7'));
    expect(lines.at(-1)).toBe('>a "Zürich" in nothing');
    expect(reading).toEqual({ ...SOUND, unknownEncoding: 'KLINGON-7' });
  });

  it('holds across the pieces a large file is read in', () => {
    const long = 'ü'.repeat(100_001);
    expect(told(`<a><b>x${long}</b><c>ö</c></a>`).lines.at(-2)).toBe('>c "ö" in a');
  });
});

describe('a file that is not sound', () => {
  it.each([
    ['cut within an element', '<a><b>1</b><c>2', 1, { isCut: true }],
    ['cut within a tag', '<a><b>1</b><c x="', 1, { isCut: true }],
    ['whose tags do not match', '<a><b>1</b>\n<c>2</d></a>', 1, { stop: { reason: 'malformed', line: 2 } }],
    ['with half a tag', '<a><b>1</b>\n<c <b>3</b></a>', 1, { stop: { reason: 'malformed', line: 2 } }],
    ['with the same attribute twice', '<a><b>1</b><c x="1" x="2"/></a>', 1, { stop: { reason: 'malformed', line: 1 } }],
    ['that goes on after its end', '<a><b>1</b></a><a><b>2</b></a>', 2, { hasTrailingText: true }],
    ['with zeros after its end', '<a><b>1</b></a>\0\0\0', 2, { hasTrailingText: true }],
    ['with control characters', '<a><b>1\u0001</b></a>', 2, { badCharacters: 1 }],
    ['of nothing but text', 'no markup', 0, { stop: { reason: 'malformed', line: 1 } }],
  ])('is told up to there: %s', (_name, file, ends, expected) => {
    const { lines, reading } = told(file);
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(ends);
    expect(reading).toMatchObject(expected);
  });

  it('does not end an element by a tag that is another one’s', () => {
    expect(told('<gpx><trkpt><time>1</time></gpx>').lines).not.toContainEqual(expect.stringContaining('>trkpt'));
  });

  it('keeps ampersands that begin nothing', () => {
    const { lines, reading } = told('<a>Tom & Jerry &nbsp; &amp; &#65;&#x42; &</a>');
    expect(lines.at(-1)).toBe('>a "Tom & Jerry &nbsp; & AB &" in nothing');
    expect(reading).toEqual({ ...SOUND, strayAmpersands: 3 });
  });

  it('keeps a reference that two pieces share', () => {
    for (let before = 64 * 1024 - 12; before < 64 * 1024 + 2; before++) {
      const { lines, reading } = told(`<a><b>${'x'.repeat(before)}</b><c>1 &lt; &amp;2</c></a>`);
      expect([lines.at(-2), reading]).toEqual(['>c "1 < &2" in a', SOUND]);
    }
  });
});

describe('a hostile file', () => {
  it('expands no entity of its own', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">${Array.from({ length: 20 }, (_, i) => `<!ENTITY x${i} "${`&x${i - 1};`.repeat(10)}">`).join('')}]><a>&x19;</a>`;
    const { lines, reading } = told(bomb);
    expect(lines.at(-1)).toBe('>a "&x19;" in nothing');
    expect(reading.hasDoctype).toBe(true);
  });

  it('fetches nothing from outside', () => {
    const { lines } = told('<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>');
    expect(lines.at(-1)).toBe('>a "&f;" in nothing');
  });

  it.each([
    ['is deeper than any real one', '<a>'.repeat(100_000), 'depth'],
    ['has a tag without end', `<a><b ${'x'.repeat(3_000_000)}`, 'tokenChars'],
    [
      'has attributes without end',
      `<a ${Array.from({ length: 200_000 }, (_, i) => `a${i}="1"`).join(' ')}`,
      'tokenChars',
    ],
    ['has a text without end', `<a>${'x'.repeat(3_000_000)}</a>`, 'tokenChars'],
    ['has a comment without end', `<a><!--${'x'.repeat(3_000_000)}--></a>`, 'tokenChars'],
    ['has a document type without end', `<!DOCTYPE a [${'x'.repeat(3_000_000)}`, 'tokenChars'],
    ['is nothing but ampersands', `<a>${'&'.repeat(3_000_000)}</a>`, 'tokenChars'],
    ['is full of what no file may hold', `<a>${'\u0001'.repeat(100_000)}</a>`, 'badCharacters'],
  ])('is read no further once it %s', (_name, file, reason) => {
    expect(told(file).reading.stop).toMatchObject({ reason });
  });

  it('is told with texts that are cut', () => {
    const { lines } = told(`<a>${'x'.repeat(100_000)}</a>`);
    expect(lines.at(-1)).toBe(`>a "${'x'.repeat(XML_LIMITS.textChars)}" in nothing`);
  });
});
