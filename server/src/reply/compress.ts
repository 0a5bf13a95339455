import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { Encoding } from './accept-encoding.ts';

/** Below this a hand-over to another thread costs more than the work itself. */
const OFF_THREAD_FROM_BYTES = 4 * 1024;

/** The fastest levels: measured on pages of objects, higher ones save a few percent for many times the work. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const GZIP = { level: 1 };

const brotliOffThread = promisify(brotliCompress);
const gzipOffThread = promisify(gzip);

export async function compress(
  text: string,
  encoding: Exclude<Encoding, 'identity'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Buffer.from(text, 'utf8');
  return new Uint8Array(
    bytes.byteLength < OFF_THREAD_FROM_BYTES ? inPlace(bytes, encoding) : await offThread(bytes, encoding),
  );
}

function inPlace(bytes: Buffer, encoding: Exclude<Encoding, 'identity'>): Uint8Array {
  return encoding === 'br' ? brotliCompressSync(bytes, BROTLI) : gzipSync(bytes, GZIP);
}

function offThread(bytes: Buffer, encoding: Exclude<Encoding, 'identity'>): Promise<Uint8Array> {
  return encoding === 'br' ? brotliOffThread(bytes, BROTLI) : gzipOffThread(bytes, GZIP);
}
