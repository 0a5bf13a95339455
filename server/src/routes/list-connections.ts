import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ConnectionShape } from '../shape/connection.ts';

/** `GET /v1/connections` answers the athlete's connections, those that ended as well. */
export const listConnections = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'listConnections',
    method: 'get',
    path: '/v1/connections',
    summary: 'The athlete’s connections to providers',
    access: 'athlete_or_operator_read',
    answers: {
      200: {
        description: 'Every connection and its streams.',
        schema: z.object({ connections: z.array(ConnectionShape) }),
      },
    },
    async handle(c, { caller }) {
      return replyJson(c, { connections: await hub.connect.list(caller.athleteId) });
    },
  });
