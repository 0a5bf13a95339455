import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';
import type { Body, OutboxEntry } from './outbox.ts';

const MINUTE_MS = 60_000;
const at = (minutes: number) => `${1_772_352_000_000 + minutes * MINUTE_MS}:0000`;

function waiting(body: Omit<Body, 'stamp'>, minutes = 0): OutboxEntry {
  return { pos: 1, seq: null, mid: 'm1', kind: 'activity', id: 'act_1', body: { stamp: at(minutes), ...body } };
}

function change(body: Omit<Body, 'stamp'>, minutes = 0): Body {
  return { stamp: at(minutes), ...body };
}

describe('a change of an object the hub has', () => {
  it('joins the entry it covers, however old that is', () => {
    const last = waiting({ op: 'patch', set: { notes: 'w' }, base: 7 });
    expect(fold([last], change({ op: 'patch', set: { notes: 'windy', rpe: 6 } }, 90), true)).toMatchObject({
      outcome: 'merge',
      body: { op: 'patch', stamp: at(90), base: 7, set: { notes: 'windy', rpe: 6 } },
    });
  });

  it('joins an entry of the same minute', () => {
    const last = waiting({ op: 'patch', set: { rpe: 6 } });
    expect(fold([last], change({ op: 'patch', set: { notes: 'windy' } }, 1), true)).toMatchObject({
      outcome: 'merge',
      body: { set: { rpe: 6, notes: 'windy' } },
    });
  });

  it('stands alone when it would lend its time to an older edit of another field', () => {
    const last = waiting({ op: 'patch', set: { rpe: 6 } });
    expect(fold([last], change({ op: 'patch', set: { notes: 'windy' } }, 2), true)).toEqual({ outcome: 'append' });
  });

  it('clears what the entry set, and sets what it cleared', () => {
    const last = waiting({ op: 'patch', set: { rpe: 6 }, unset: ['notes'] });
    expect(fold([last], change({ op: 'patch', set: { notes: 'x' }, unset: ['rpe'] }), true)).toMatchObject({
      body: { set: { notes: 'x' }, unset: ['rpe'] },
    });
  });

  it('leaves an entry alone that was ever sent, because the hub may have processed it', () => {
    const sent = waiting({ op: 'patch', set: { rpe: 6 }, id: 'act_1' });
    expect(fold([sent], change({ op: 'patch', set: { rpe: 7 } }), true)).toEqual({ outcome: 'append' });
  });

  it('does not mix insisting with typing', () => {
    const last = waiting({ op: 'override', set: { distanceM: 10_000 } });
    expect(fold([last], change({ op: 'patch', set: { distanceM: 9_000 } }), true)).toEqual({ outcome: 'append' });
  });

  it('undoes a delete that has not been sent', () => {
    const last = waiting({ op: 'delete' });
    expect(fold([last], change({ op: 'restore' }), true)).toEqual({ outcome: 'cancel', entries: [last] });
  });

  it('keeps the edits before a delete, which a restore brings back', () => {
    const last = waiting({ op: 'patch', set: { rpe: 6 } });
    expect(fold([last], change({ op: 'delete' }), true)).toEqual({ outcome: 'append' });
  });
});

describe('a change of an object created here and not yet sent', () => {
  const created = waiting({ op: 'put', set: { sport: 'run' } });

  it('joins the creation however late it comes, because nobody else can have edited the object', () => {
    expect(fold([created], change({ op: 'patch', set: { rpe: 6 } }, 600), false)).toMatchObject({
      outcome: 'merge',
      body: { op: 'put', set: { sport: 'run', rpe: 6 } },
    });
  });

  it('cancels out with it when it is the delete', () => {
    const edited = { ...waiting({ op: 'override', set: { distanceM: 1 } }), pos: 2 };
    expect(fold([created, edited], change({ op: 'delete' }), false)).toEqual({
      outcome: 'cancel',
      entries: [created, edited],
    });
  });

  it('is sent after it when the creation has left already', () => {
    const sent = waiting({ op: 'put', set: { sport: 'run' }, id: 'act_1' });
    expect(fold([sent], change({ op: 'delete' }), false)).toEqual({ outcome: 'append' });
  });
});
