/** Archives written for the tests. */
import yazl from 'yazl';

/** A zip as a packing program writes it. */
export async function zipOf(files: { [name: string]: Uint8Array | string }): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes as Uint8Array), name);
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
