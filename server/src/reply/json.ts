import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HubEnv } from '../hub-env.ts';
import { pickEncoding } from './accept-encoding.ts';
import { compress } from './compress.ts';

/** Smaller answers fit in one packet anyway. */
const COMPRESS_FROM_BYTES = 1024;

/** Answers with a value as JSON. */
export function replyJson(c: Context<HubEnv>, value: unknown, status = 200): Promise<Response> {
  return replyJsonText(c, JSON.stringify(value), status);
}

/** Answers with JSON text that is ready to go, compressed where that pays. */
export async function replyJsonText(
  c: Context<HubEnv>,
  text: string,
  status = 200,
  mediaType = 'application/json',
): Promise<Response> {
  const bytes = Buffer.byteLength(text);
  const encoding = bytes < COMPRESS_FROM_BYTES ? 'identity' : pickEncoding(c.req.header('accept-encoding'));
  c.header('Content-Type', mediaType);
  c.header('Vary', 'Accept-Encoding');
  if (encoding === 'identity') {
    c.set('bytes', bytes);
    return c.body(text, status as ContentfulStatusCode);
  }
  const compressed = await compress(text, encoding);
  c.header('Content-Encoding', encoding);
  c.set('bytes', compressed.byteLength);
  return c.body(compressed, status as ContentfulStatusCode);
}
