/** What a zip says it holds: the entries of its central directory, read by yauzl, zip64 included. */
import * as yauzl from 'yauzl';
import { ArchiveRefusal } from './archive-refusal.ts';
import { type ByteSource, chunksOf } from './byte-source.ts';
import type { ByteStream } from './byte-stream.ts';

export interface ZipEntry {
  /** As the archive spells it. */
  name: string;
  isEncrypted: boolean;
  /** 0 stored, 8 deflated. */
  method: number;
  packedBytes: number;
  bytes: number;
  crc32: number;
  /** The packed bytes. @throws Error for a place that is no entry. */
  open(): Promise<ByteStream>;
}

/** Bytes before an entry's own: its local header without name. */
const LOCAL_HEADER_BYTES = 30;
/** The directory is read in small steps; this much is fetched at a time. */
const READ_AHEAD_BYTES = 64 * 1024;

/**
 * Counts the entries and looks where they lie, before any is unpacked.
 *
 * @param take is told of each entry; throws when there are too many.
 * @returns the number of files.
 * @throws ArchiveRefusal when two share bytes. Error when the directory is damaged.
 */
export async function surveyZip(source: ByteSource, take: (count: number) => void): Promise<number> {
  const places: [start: number, end: number][] = [];
  let files = 0;
  for await (const entry of yauzlEntries(source)) {
    take(1);
    if (!isFolder(entry)) files += 1;
    const start = entry.relativeOffsetOfLocalHeader;
    places.push([start, start + LOCAL_HEADER_BYTES + entry.compressedSize]);
  }
  places.sort(([a], [b]) => a - b);
  for (const [index, [start]] of places.entries()) {
    if (index > 0 && start < (places[index - 1]?.[1] ?? 0)) {
      throw new ArchiveRefusal('archive_overlap', 'Files in it share their bytes, as no honest archive does.');
    }
  }
  return files;
}

/** The files, in the order of the directory. */
export async function* zipEntries(source: ByteSource): AsyncGenerator<ZipEntry> {
  for await (const entry of yauzlEntries(source)) {
    if (isFolder(entry)) continue;
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
    yield {
      name,
      isEncrypted: entry.isEncrypted(),
      method: entry.compressionMethod,
      packedBytes: entry.compressedSize,
      bytes: entry.uncompressedSize,
      crc32: entry.crc32,
      open: () => packedBytes(source, entry),
    };
  }
}

function isFolder({ fileNameRaw }: yauzl.Entry): boolean {
  return fileNameRaw.at(-1) === 0x2f;
}

async function packedBytes(source: ByteSource, entry: yauzl.Entry): Promise<ByteStream> {
  const header = Buffer.from(await source.read(entry.relativeOffsetOfLocalHeader, LOCAL_HEADER_BYTES));
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50)
    throw new Error('no entry of the directory begins there');
  const start =
    entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  return chunksOf(source, start, Math.min(start + entry.compressedSize, source.size));
}

/**
 * Names come as bytes: the library refuses a whole archive for one hostile name, and to us they are labels. It does
 * not unpack either: what it would hand out knows neither our limits nor the check sum.
 */
async function* yauzlEntries(source: ByteSource): AsyncGenerator<yauzl.Entry> {
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
  const zip = await yauzl.fromRandomAccessReaderPromise(new ReadAhead(source), source.size, options);
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } finally {
    zip.close();
  }
}

class ReadAhead extends yauzl.RandomAccessReader {
  readonly #source: ByteSource;
  #from = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#fetch(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null, bytes.length);
      },
      (error: Error) => callback(error),
    );
  }

  async #fetch(position: number, length: number): Promise<Uint8Array> {
    if (position < this.#from || position + length > this.#from + this.#bytes.length) {
      this.#bytes = await this.#source.read(position, Math.max(length, READ_AHEAD_BYTES));
      this.#from = position;
    }
    return this.#bytes.subarray(position - this.#from, position - this.#from + length);
  }
}
