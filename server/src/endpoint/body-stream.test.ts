import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubEnv } from '../hub-env.ts';
import { listen } from '../listen.ts';
import { countWaiting } from '../middleware/count-waiting.ts';
import { bodyStream } from './body-stream.ts';

const KIB = 1024;
const PIECE_BYTES = 64 * KIB;

type Read = (body: AsyncIterable<Uint8Array>) => Promise<string>;

/** A port that answers with what `read` makes of a body. */
async function open(read: Read): Promise<number> {
  const app = new Hono<HubEnv>().use(countWaiting()).post('/', async (c) => c.text(await read(bodyStream(c)!)));
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listening.close());
  return listening.port;
}

/** A sender of a body in pieces, without a length. */
function sender(port: number, agent: Agent | false = false) {
  const sent = request({ host: '127.0.0.1', port, method: 'POST', agent });
  const answer = new Promise<string>((resolve, reject) => {
    sent.once('error', reject).once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      incoming.once('end', () => resolve(text));
    });
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

/** Bytes that differ everywhere, the same each time. */
function bytesOf(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) bytes[at] = (at * 31 + (at >> 8) * 7 + (at >> 16)) & 0xff;
  return bytes;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const hashed: Read = async (body) => {
  const hash = createHash('sha256');
  for await (const piece of body) hash.update(piece);
  return hash.digest('hex');
};

describe('a body', () => {
  it.each([0, 1, 1_000, 100 * KIB, 3_000 * KIB])('of %i bytes comes as it was sent', async (count) => {
    const port = await open(hashed);
    const bytes = bytesOf(count);
    const { sent, answer } = sender(port);
    for (let at = 0; at < count; at += PIECE_BYTES) sent.write(bytes.subarray(at, at + PIECE_BYTES));
    sent.end();
    expect(await answer).toBe(sha256(bytes));
  });

  it('leaves its connection for the next, however large it was', async () => {
    const port = await open(hashed);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const reused: boolean[] = [];
    for (const count of [1, 300 * KIB, 0, 100 * KIB]) {
      const bytes = bytesOf(count);
      const { sent, answer } = sender(port, agent);
      sent.end(bytes);
      expect(await answer).toBe(sha256(bytes));
      reused.push(sent.reusedSocket);
    }
    expect(reused).toEqual([false, true, true, true]);
  });

  it('that is half read is answered, and no more of it is taken in', async () => {
    const port = await open(async (body) => {
      for await (const _ of body) return 'enough';
      return 'none';
    });
    const { sent, answer } = sender(port);
    sent.write(bytesOf(PIECE_BYTES));
    expect(await answer).toBe('enough');
  });

  it('whose sender gives up fails where it is read', async () => {
    let failed: (error: unknown) => void = () => undefined;
    const failure = new Promise<unknown>((resolve) => {
      failed = resolve;
    });
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const port = await open(async (body) => {
      try {
        for await (const _ of body) begun();
        failed(null);
      } catch (error) {
        failed(error);
      }
      return '';
    });
    const { sent } = sender(port);
    sent.on('error', () => undefined).write('x');
    await first;
    sent.destroy();
    expect(await failure).toBeInstanceOf(Error);
  });
});
