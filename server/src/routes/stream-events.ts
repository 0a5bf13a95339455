import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { eventStream } from '../realtime/event-stream.ts';

const Query = z.object({ ticket: z.string().min(1).max(200).describe('From POST /v1/sync/ticket.') });

/** `GET /v1/sync/events?ticket=` answers server-sent events: `poke` when the rev moved, `reauth` before the token ends, `bye` when the hub stops. */
export const streamEvents = ({ hub, tickets, clock }: Pick<Deps, 'hub' | 'tickets' | 'clock'>) =>
  endpoint({
    id: 'streamEvents',
    method: 'get',
    path: '/v1/sync/events',
    summary: 'Server-sent events: poke when the rev moved, reauth before the token ends',
    access: 'none',
    once: true,
    query: Query,
    answers: {
      200: { description: 'A stream of events; the current rev comes at once.', mediaType: 'text/event-stream' },
    },
    problems: ['unauthorized'],
    async handle(c, { query }) {
      const admission = tickets.redeem(query.ticket);
      const events = await eventStream({ sync: hub.sync, clock, admission, closing: c.env?.closing });
      c.header('Content-Type', 'text/event-stream');
      c.header('Cache-Control', 'no-store, no-transform');
      c.header('X-Accel-Buffering', 'no'); // nginx would hold the events back
      return c.body(events);
    },
  });
