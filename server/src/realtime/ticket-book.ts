import { type Clock, HubError, type Random } from '@coach-hub/core';
import { TICKET_TTL_S } from '@coach-hub/core/wire';

const TICKET_BYTES = 32;

/** Open tickets one athlete may hold. A reconnecting app needs one per device; more is a loop, and the oldest goes. */
const MAX_OPEN_PER_ATHLETE = 16;

/** Whom a ticket admits, and until when the token it was bought with would have. */
export interface Admission {
  athleteId: string;
  tokenEndsAtMs: number;
}

export interface TicketBook {
  /** A ticket for one connection to the event stream. */
  issue(admission: Admission): { ticket: string; expiresAtMs: number };
  /** Takes the ticket out, so it is good once. @throws HubError `unauthorized`. */
  redeem(ticket: string): Admission;
}

/**
 * Tickets for the event stream, which cannot carry a Bearer header everywhere: an address may, for it is worthless after
 * its first use or half a minute.
 *
 * They live in this process. Behind a balancer of several processes the ticket and the stream must reach the same one.
 */
export function ticketBook({ clock, random }: { clock: Clock; random: Pick<Random, 'bytes'> }): TicketBook {
  const open = new Map<string, Admission & { expiresAtMs: number }>(); // in the order of their end
  const heldBy = new Map<string, Set<string>>();
  const take = (ticket: string): Admission | undefined => {
    const admission = open.get(ticket);
    if (!admission) return undefined;
    open.delete(ticket);
    const held = heldBy.get(admission.athleteId);
    held?.delete(ticket);
    if (held?.size === 0) heldBy.delete(admission.athleteId);
    return { athleteId: admission.athleteId, tokenEndsAtMs: admission.tokenEndsAtMs };
  };
  const dropExpired = () => {
    for (const [ticket, { expiresAtMs }] of open) {
      if (expiresAtMs > clock.now()) return;
      take(ticket);
    }
  };
  return {
    issue(admission) {
      dropExpired();
      const ticket = Buffer.from(random.bytes(TICKET_BYTES)).toString('base64url');
      const expiresAtMs = clock.now() + TICKET_TTL_S * 1_000;
      open.set(ticket, { ...admission, expiresAtMs });
      const held = heldBy.get(admission.athleteId) ?? new Set();
      heldBy.set(admission.athleteId, held.add(ticket));
      const [oldest] = held;
      if (oldest !== undefined && held.size > MAX_OPEN_PER_ATHLETE) take(oldest);
      return { ticket, expiresAtMs };
    },
    redeem(ticket) {
      dropExpired();
      const admission = take(ticket);
      if (!admission) throw refusedTicket();
      return admission;
    },
  };
}

function refusedTicket(): HubError {
  return new HubError('unauthorized', {
    what: 'The ticket is not accepted.',
    why: 'It was used already, is older than half a minute, or was not issued here.',
    fix: 'Get a new one with "POST /v1/sync/ticket" for every connection.',
  });
}
