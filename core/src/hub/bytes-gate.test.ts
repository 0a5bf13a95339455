import { describe, expect, it } from 'vitest';
import { createBytesGate } from './bytes-gate.ts';

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

function told() {
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await later();
    events.push(`${name} ends`);
    return name;
  };
  return { events, work };
}

describe('a sweep of an athlete’s bytes', () => {
  it('waits for what is being stored, and holds back what comes', async () => {
    const gate = createBytesGate();
    const { events, work } = told();
    const all = [
      gate.storing(['ann'], work('first')),
      gate.storing(['ann'], work('second')),
      gate.sweeping('ann', work('sweep')),
      gate.storing(['ann'], work('third')),
    ];
    expect(await Promise.all(all)).toEqual(['first', 'second', 'sweep', 'third']);
    expect(events.indexOf('sweep begins')).toBeGreaterThan(events.indexOf('second ends'));
    expect(events.indexOf('third begins')).toBeGreaterThan(events.indexOf('sweep ends'));
  });

  it('holds back nobody else', async () => {
    const gate = createBytesGate();
    const { events, work } = told();
    await Promise.all([gate.sweeping('ann', work('sweep')), gate.storing(['bob'], work('stored'))]);
    expect(events.indexOf('stored begins')).toBeLessThan(events.indexOf('sweep ends'));
  });

  it('holds back work for many of which it is one, and cannot end in a circle', async () => {
    const gate = createBytesGate();
    const { events, work } = told();
    await Promise.all([
      gate.storing(['ann', 'bob'], work('first')),
      gate.sweeping('ann', work('sweep of ann')),
      gate.sweeping('bob', work('sweep of bob')),
      gate.storing(['bob', 'ann'], work('second')),
      gate.storing(['ann', 'ann'], work('third')),
    ]);
    expect(events).toHaveLength(10);
    expect(events.indexOf('second begins')).toBeGreaterThan(events.indexOf('sweep of ann ends'));
    expect(events.indexOf('second begins')).toBeGreaterThan(events.indexOf('sweep of bob ends'));
  });

  it('runs one at a time', async () => {
    const gate = createBytesGate();
    const { events, work } = told();
    await Promise.all([gate.sweeping('ann', work('one')), gate.sweeping('ann', work('two'))]);
    expect(events).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('opens again when it or a store fails', async () => {
    const gate = createBytesGate();
    const fail = () => Promise.reject(new RangeError('no'));
    await expect(gate.storing(['ann'], fail)).rejects.toThrow('no');
    await expect(gate.sweeping('ann', fail)).rejects.toThrow('no');
    expect(await gate.storing(['ann'], async () => 'stored')).toBe('stored');
    expect(await gate.sweeping('ann', async () => 'swept')).toBe('swept');
  });
});
