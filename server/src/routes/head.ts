import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { waitForRev } from '../realtime/wait-for-rev.ts';
import { replyJson } from '../reply/json.ts';
import { SyncHeaders } from '../shape/sync-headers.ts';
import { speakProtocol } from './speak-protocol.ts';

const Query = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'Invalid input: expected a rev')
    .transform(Number)
    .optional()
    .describe('Wait until the rev is another one, 25 s at most.'),
});
const Head = z.object({ epoch: z.string(), rev: z.number().int() });

/** `GET /v1/sync/head` answers the newest rev; with `?after=REV` it waits for another, where streaming is not to be had. */
export const head = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'head',
    method: 'get',
    path: '/v1/sync/head',
    summary: 'The newest rev of the athlete',
    access: 'athlete',
    guard: speakProtocol,
    headers: SyncHeaders,
    query: Query,
    answers: { 200: { description: 'The newest rev; the same as `after` when nothing came in time.', schema: Head } },
    problems: ['upgrade_required'],
    async handle(c, { caller, query }) {
      if (query.after !== undefined) {
        const ends = [c.req.raw.signal, c.env?.closing].filter((signal) => signal !== undefined);
        await waitForRev(hub.sync, caller.athleteId, query.after, ends);
      }
      return replyJson(c, await hub.sync.head(caller.athleteId));
    },
  });
