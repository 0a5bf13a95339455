import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRightOfWay } from './right-of-way.ts';

const PIECE_BYTES = 64 * 1024;

async function* pieces(count: number) {
  for (let at = 0; at < count; at++) yield new Uint8Array(PIECE_BYTES).fill(at);
}

/** Reads a body while a request waits for its answer and the loop turns on, and tells what happened in which order. */
async function read(count: number): Promise<string[]> {
  const { enter, givingWay } = createRightOfWay();
  const log: string[] = [];
  let isOver = false;
  const leaveShort = enter();
  const leaveLarge = enter();
  const others = (async () => {
    for (; !isOver; await turn()) log.push('others');
  })();
  for await (const chunk of givingWay(pieces(count))) log.push(`chunk ${chunk[0]}`);
  isOver = true;
  leaveLarge();
  leaveShort();
  await others;
  return log;
}

const chunksOf = (log: string[]) => log.filter((line) => line !== 'others');

describe('a body that comes while others wait', () => {
  it('is read at once where it is short', async () => {
    const log = await read(2);
    expect(log.indexOf('chunk 1') - log.indexOf('chunk 0')).toBe(1);
  });

  it('lets others go between all further chunks where it is large, and comes whole and in order', async () => {
    const log = await read(8);
    expect(chunksOf(log)).toEqual(Array.from({ length: 8 }, (_, at) => `chunk ${at}`));
    for (let at = 2; at < 8; at++) expect(log[log.indexOf(`chunk ${at}`) - 1]).toBe('others');
  });
});
