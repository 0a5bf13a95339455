/**
 * Reads an XML file element by element, with bounded memory, whatever its size.
 *
 * The seam to the parser (saxes): nothing else knows it. Namespaces are read past, because writers choose prefixes
 * freely and some forget to declare them: an element is known by its local name and by what encloses it. No document
 * type is read and no entity but XML's own is resolved. Where the markup breaks, reading stops: what came before was
 * well-formed and stays.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { StrayAmpersands } from './stray-ampersands.ts';
import { xmlEncodingOf } from './xml-encoding.ts';
import { XML_LIMITS, type XmlLimit } from './xml-limits.ts';

/** What is told about a file's elements, in their order. */
export interface XmlHandler {
  /** An element begins. Names come without their prefix; `parent` is null for the root. */
  open(name: string, attributes: Readonly<Record<string, string>>, parent: string | null): void;
  /** It ends. `text` is what stands in it after its last child, trimmed: of an element without children, all of it. */
  close(name: string, text: string, parent: string | null): void;
}

/** Why a file was not read to its end, and the line where that was. */
export interface XmlStop {
  reason: 'malformed' | XmlLimit;
  line: number;
}

/** How reading went. */
export interface XmlReading {
  stop: XmlStop | null;
  /** Whether the file ends within its root element. */
  isCut: boolean;
  /** Whether something but white space follows the root element. */
  hasTrailingText: boolean;
  hasDoctype: boolean;
  strayAmpersands: number;
  badCharacters: number;
  /** A declared encoding that nobody knows. */
  unknownEncoding: string | null;
}

const PIECE_BYTES = 64 * 1024;
/** What the parser says of characters, not of structure: it goes on behind them. */
const ABOUT_CHARACTERS = /^(?:disallowed character\.|malformed character entity|undefined entity|the string "\]\]>")/;
/** What it says of an XML declaration, which has told us all we need. */
const ABOUT_DECLARATION = /^(?:an XML declaration|XML declaration|the XML declaration|version number|encoding value)/;

/** Reads all of it, unless something ends it before. Never throws for what the file holds. */
export function readXml(bytes: Uint8Array, handler: XmlHandler): XmlReading {
  return new Reading(handler).read(bytes);
}

/** Ends the parser's run. */
class Stopped extends Error {}

class Reading {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly names: string[] = [];
  private readonly result: XmlReading = {
    stop: null,
    isCut: false,
    hasTrailingText: false,
    hasDoctype: false,
    strayAmpersands: 0,
    badCharacters: 0,
    unknownEncoding: null,
  };
  private text = '';
  /** Characters given to the parser, and where among them the last token ended. */
  private written = 0;
  private lastToken = 0;
  private rootClosed = false;
  /** An end that is told once the parser has not objected to it: it ends elements before it sees that they do not match. */
  private endingText: string | null = null;
  private readonly handler: XmlHandler;

  constructor(handler: XmlHandler) {
    this.handler = handler;
    const { parser } = this;
    // Six listeners. From the eighth on, the engine stores the parser another way and reading takes five times as long.
    parser.on('opentag', (tag) => this.open(tag));
    parser.on('closetag', () => this.end());
    parser.on('text', (text) => this.addText(text));
    parser.on('cdata', (text) => this.addText(text));
    parser.on('doctype', () => {
      this.settle();
      this.result.hasDoctype = true;
    });
    parser.on('error', ({ message }) => this.complain(message));
  }

  read(bytes: Uint8Array): XmlReading {
    const { decoder, unknown } = xmlEncodingOf(bytes);
    const ampersands = new StrayAmpersands();
    this.result.unknownEncoding = unknown;
    let hasBegun = false;
    try {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        const piece = decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
        const text = ampersands.rewrite(hasBegun ? piece : piece.trimStart());
        hasBegun ||= text !== '';
        this.write(text);
      }
      this.write(ampersands.rewrite(decoder.decode()) + ampersands.rest());
      this.settle();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
    this.result.strayAmpersands = ampersands.count;
    this.result.isCut = this.result.stop === null && !this.rootClosed;
    return this.result;
  }

  private write(text: string): void {
    if (text === '') return;
    this.parser.write(text);
    this.written += text.length;
    if (this.written - this.lastToken > XML_LIMITS.tokenChars) this.stop('tokenChars');
  }

  /** A token ended here, so the end of an element before it was sound. */
  private settle(): void {
    this.lastToken = this.parser.position;
    if (this.endingText !== null) this.tellEnd(this.endingText);
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    this.settle();
    if (this.names.length === XML_LIMITS.depth) this.stop('depth');
    const local = localName(name);
    const parent = this.names.at(-1) ?? null;
    this.text = '';
    this.names.push(local);
    this.handler.open(local, attributes, parent);
  }

  private end(): void {
    this.settle();
    this.endingText = this.text.trim();
    this.text = '';
  }

  private tellEnd(text: string): void {
    this.endingText = null;
    const name = this.names.pop()!;
    this.rootClosed = this.names.length === 0;
    this.handler.close(name, text, this.names.at(-1) ?? null);
  }

  private addText(text: string): void {
    this.settle();
    const room = XML_LIMITS.textChars - this.text.length;
    if (room > 0) this.text += text.length > room ? text.slice(0, room) : text;
  }

  private complain(message: string): void {
    // An end that does not match is complained about at once; what is wrong further on leaves it sound.
    if (this.parser.position > this.lastToken && this.endingText !== null) this.tellEnd(this.endingText);
    if (ABOUT_CHARACTERS.test(message)) {
      if (++this.result.badCharacters > XML_LIMITS.badCharacters) this.stop('badCharacters');
    } else if (this.rootClosed) {
      this.result.hasTrailingText = true;
      throw new Stopped();
    } else if (this.names.length > 0 || !ABOUT_DECLARATION.test(message)) {
      this.stop('malformed');
    }
  }

  private stop(reason: XmlStop['reason']): never {
    this.result.stop = { reason, line: this.parser.line };
    throw new Stopped();
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
