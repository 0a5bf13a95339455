import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { SyncHeaders } from '../shape/sync-headers.ts';
import { speakProtocol } from './speak-protocol.ts';

const Ticket = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() });

/** `POST /v1/sync/ticket` answers a ticket for the event stream, good once and for 30 seconds. */
export const issueTicket = ({ tickets }: Pick<Deps, 'tickets'>) =>
  endpoint({
    id: 'issueTicket',
    method: 'post',
    path: '/v1/sync/ticket',
    summary: 'A ticket for the event stream',
    access: 'athlete',
    guard: speakProtocol,
    headers: SyncHeaders,
    answers: { 201: { description: 'Good once, for 30 seconds.', schema: Ticket } },
    problems: ['upgrade_required'],
    handle(c, { caller }) {
      const { ticket, expiresAtMs } = tickets.issue(caller);
      return replyJson(c, { ticket, expiresAt: new Date(expiresAtMs).toISOString() }, 201);
    },
  });
