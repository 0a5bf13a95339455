import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ConnectionShape } from '../shape/connection.ts';

const Params = z.object({ id: z.string().min(1).max(200) });
const Query = z.object({
  erase: z
    .enum(['true', 'false'])
    .default('false')
    .transform((erase) => erase === 'true')
    .describe('Also withdraw what the provider said. What the athlete wrote stays.'),
});

/** `DELETE /v1/connections/:id` ends a connection and answers it as it is then: its tokens are gone at once. */
export const endConnection = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'endConnection',
    method: 'delete',
    path: '/v1/connections/:id',
    summary: 'End a connection, keeping or erasing its history',
    access: 'athlete',
    params: Params,
    query: Query,
    answers: { 200: { description: 'The connection, disconnected.', schema: ConnectionShape } },
    problems: ['connection_unknown'],
    async handle(c, { caller, params, query }) {
      const { athleteId } = caller;
      return replyJson(c, await hub.connect.disconnect({ athleteId, connectionId: params.id, erase: query.erase }));
    },
  });
