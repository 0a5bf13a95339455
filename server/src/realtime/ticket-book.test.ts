import { describe, expect, it } from 'vitest';
import { countingRandom } from '../testing/test-server.test-support.ts';
import { ticketBook } from './ticket-book.ts';

function book() {
  let nowMs = 0;
  const tickets = ticketBook({
    clock: { now: () => nowMs },
    random: countingRandom(),
  });
  const redeem = (ticket: string) => {
    try {
      return tickets.redeem(ticket).athleteId;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { tickets, redeem, pass };
}

const ann = { athleteId: 'a_ann', tokenEndsAtMs: 3_600_000 };

describe('a ticket', () => {
  it('admits its athlete for as long as the token would', () => {
    const { tickets } = book();
    const { ticket, expiresAtMs } = tickets.issue(ann);
    expect([tickets.redeem(ticket), expiresAtMs]).toEqual([ann, 30_000]);
  });

  it('is good once', () => {
    const { tickets, redeem } = book();
    const { ticket } = tickets.issue(ann);
    expect([redeem(ticket), redeem(ticket)]).toEqual(['a_ann', 'unauthorized']);
  });

  it('is good for 30 seconds', () => {
    const { tickets, redeem, pass } = book();
    const [first, second] = [tickets.issue(ann), tickets.issue(ann)];
    pass(29_999);
    expect(redeem(first.ticket)).toBe('a_ann');
    pass(1);
    expect(redeem(second.ticket)).toBe('unauthorized');
  });

  it('cannot be made up', () => {
    expect(book().redeem('anything')).toBe('unauthorized');
  });

  it('gives way to newer ones when one athlete asks for too many, and to nobody else’s', () => {
    const { tickets, redeem } = book();
    const bob = tickets.issue({ ...ann, athleteId: 'a_bob' });
    const issued = Array.from({ length: 17 }, () => tickets.issue(ann));
    expect(issued.map(({ ticket }) => redeem(ticket))).toEqual([
      'unauthorized',
      ...Array.from({ length: 16 }, () => 'a_ann'),
    ]);
    expect(redeem(bob.ticket)).toBe('a_bob');
  });
});
