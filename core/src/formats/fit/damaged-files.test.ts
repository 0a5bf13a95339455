/** Whatever the bytes are: an answer, quickly, and never an exception. */
import { describe, expect, it } from 'vitest';
import { describeWithRecordings, fitRecordings, recording } from '../recordings.test-support.ts';
import { decodeFit } from './decode-fit.ts';
import { fitFile, T0, type TestMessage } from './fit-file.test-support.ts';
import { damagedCopy, seededRandom } from './seeded-random.test-support.ts';

const SEED = 8_086;
const SLOWEST_MS = 2_000;

/** Decodes and checks what must hold of any answer. */
function decodeChecked(bytes: Uint8Array): number {
  const began = performance.now();
  const decoded = decodeFit(bytes);
  const took = performance.now() - began;
  if ('sessions' in decoded) {
    for (const { columns, records, recordsSetAside } of decoded.sessions) {
      const lengths = new Set(Object.values(columns).map(({ length }) => length));
      expect([...lengths]).toEqual([records - recordsSetAside]);
    }
  } else {
    expect(['no_activity', 'unreadable']).toContain(decoded.status);
  }
  return took;
}

function fuzz(sources: readonly Uint8Array[], copies: number): { slowestMs: number } {
  const random = seededRandom(SEED);
  let slowestMs = 0;
  for (let round = 0; round < copies; round++) {
    const copy = damagedCopy(sources[Math.floor(random() * sources.length)]!, random);
    slowestMs = Math.max(slowestMs, decodeChecked(copy));
  }
  return { slowestMs };
}

function smallActivity(): Uint8Array {
  const records: TestMessage[] = Array.from({ length: 50 }, (_, i) => [
    'record',
    { timestamp: T0 + i, heart_rate: 120 + (i % 20), distance: i * 3, altitude: 100 + i },
  ]);
  const session: TestMessage = ['session', { start_time: T0, sport: 1, total_elapsed_time: 50, total_distance: 147 }];
  return fitFile(['file_id', { type: 4 }], ...records, ['lap', { start_time: T0 }], session);
}

describe('a damaged copy of a small file', () => {
  it(`is answered, 2,000 times (seed ${SEED})`, () => {
    const { slowestMs } = fuzz([smallActivity()], 2_000);
    expect(slowestMs).toBeLessThan(SLOWEST_MS);
  });

  it('is answered at every length it can be cut to, without a record that never was', () => {
    const whole = smallActivity();
    for (let length = 0; length <= whole.length; length++) {
      const decoded = decodeFit(whole.slice(0, length));
      if (!('sessions' in decoded)) continue;
      const { columns } = decoded.sessions[0]!;
      expect(columns.timeS.every((time, i) => time === i)).toBe(true);
      expect(columns.distanceM?.every((metres, i) => metres === i * 3) ?? true).toBe(true);
    }
  });

  it('is answered when only the signature is left', () => {
    const zeros = new Uint8Array(86_000);
    zeros.set(smallActivity().subarray(0, 14));
    expect(decodeFit(zeros)).toMatchObject({ status: 'unreadable', code: 'damaged_file' });
  });
});

describeWithRecordings('a damaged copy of a real recording', () => {
  it(`is answered, 3,000 times (seed ${SEED})`, () => {
    const sources = fitRecordings()
      .map(recording)
      .filter(({ length }) => length < 40_000);
    const { slowestMs } = fuzz(sources, 3_000);
    console.info(`damaged copies (seed ${SEED}): 3000 answered, slowest ${slowestMs.toFixed(0)} ms`);
    expect(slowestMs).toBeLessThan(SLOWEST_MS);
  }, 60_000);
});
