/** Pieces of bytes as they come: looked at from the front, unpacked, put together. */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type ByteStream = AsyncGenerator<Uint8Array>;

/** The first bytes, as many as there are up to `length` or a piece more, and all of them again with what follows. */
export async function peek(stream: ByteStream, length: number): Promise<{ head: Uint8Array; whole: ByteStream }> {
  const pieces: Uint8Array[] = [];
  let seen = 0;
  while (seen < length) {
    const next = await stream.next();
    if (next.done === true) break;
    pieces.push(next.value);
    seen += next.value.length;
  }
  const head = Buffer.concat(pieces);
  return { head, whole: joined(head, stream) };
}

async function* joined(head: Uint8Array, rest: ByteStream): ByteStream {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    // Who looks at the head alone must close what it came from.
    await rest.return(undefined);
  }
}

/** Runs a stream through zlib, and ends both when the reader stops early. */
export async function* through(stream: ByteStream, engine: Transform): ByteStream {
  const source = Readable.from(stream, { objectMode: false, highWaterMark: 64 * 1024 });
  const done = pipeline(source, engine);
  done.catch(() => undefined); // its error comes out of the engine as well
  try {
    for await (const piece of engine) yield piece as Uint8Array;
  } finally {
    engine.destroy();
    source.destroy();
  }
}

/** @param size how many there will be, when that is known: then no byte is held twice. */
export async function collect(stream: ByteStream, size: number | null): Promise<Uint8Array> {
  if (size === null) {
    const pieces: Uint8Array[] = [];
    for await (const piece of stream) pieces.push(piece);
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const piece of stream) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes.subarray(0, filled);
}
