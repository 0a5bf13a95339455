import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Packing } from './series-head.ts';
import { unreadableSeries } from './unreadable-series.ts';

/** Above 4, brotli is many times slower on such columns and no smaller. */
const QUALITY = 4;

/** The column as it is stored: compressed, or as it is where that is no smaller. */
export function packColumn(column: Uint8Array): { packing: Packing; stored: Uint8Array } {
  const packed = brotliCompressSync(column, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: column.length,
    },
  });
  return packed.length < column.length
    ? { packing: 'brotli', stored: packed }
    : { packing: 'none', stored: column.slice() };
}

/**
 * The column a stored one was made from. Never unpacks more than `columnBytes`.
 *
 * @throws HubError `file_unreadable` when it does not unpack to exactly that.
 */
export function unpackColumn(stored: Uint8Array, packing: Packing, columnBytes: number): Uint8Array {
  const column = packing === 'none' ? stored : unpackBrotli(stored, columnBytes);
  if (column.length !== columnBytes) throw unreadableSeries('A channel has another length than its head says.');
  return column;
}

function unpackBrotli(stored: Uint8Array, columnBytes: number): Uint8Array {
  try {
    return brotliDecompressSync(stored, { maxOutputLength: Math.max(1, columnBytes) });
  } catch (error) {
    throw unreadableSeries('A channel does not unpack.', error);
  }
}
