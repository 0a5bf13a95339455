/** Zips for tests: honest ones by a library that is not ours, hostile ones byte by byte. */
import { crc32, deflateRawSync } from 'node:zlib';
import yazl from 'yazl';

export type Files = { [name: string]: Uint8Array | string };

/** As a packing program writes it. */
export async function zipOf(files: Files, { zip64 = false } = {}): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(bytes as Uint8Array), name, { forceZip64Format: zip64 });
  }
  zip.end({ forceZip64Format: zip64, comment: '' });
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export interface RawEntry {
  name: string | Uint8Array;
  bytes: Uint8Array;
  /** Differ from what is true, to lie. */
  statedBytes?: number;
  statedCrc32?: number;
  method?: number;
  flags?: number;
  /** Index of the entry whose bytes it names instead of having its own. */
  sharesWith?: number;
}

/** Names what it is told to, true or not. */
export function rawZip(entries: readonly RawEntry[]): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const { bytes, method = 8, flags = 0x800, sharesWith } = entry;
    const name = Buffer.from(entry.name as string);
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes);
    const middle = Buffer.alloc(22);
    middle.writeUInt16LE(flags, 0);
    middle.writeUInt16LE(method, 2);
    middle.writeUInt32LE(entry.statedCrc32 ?? crc32(bytes), 8);
    middle.writeUInt32LE(packed.length, 12);
    middle.writeUInt32LE(entry.statedBytes ?? bytes.length, 16);
    middle.writeUInt16LE(name.length, 20);
    const offset = sharesWith === undefined ? at : (offsets[sharesWith] ?? 0);
    offsets.push(offset);
    if (sharesWith === undefined) {
      const local = Buffer.concat([Buffer.from('504b03041400', 'hex'), middle, Buffer.alloc(2), name, packed]);
      locals.push(local);
      at += local.length;
    }
    const place = Buffer.alloc(16);
    place.writeUInt32LE(offset, 12);
    directory.push(Buffer.concat([Buffer.from('504b010214001400', 'hex'), middle, place, name]));
  }
  const records = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(records.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, records, end]);
}
