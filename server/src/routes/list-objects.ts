import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { KnownKind } from '../shape/object-ref.ts';
import { WireObjectShape } from '../shape/wire-object.ts';

const Params = z.object({ kind: KnownKind });
const Query = z
  .object({
    fromDay: z.iso.date().optional(),
    toDay: z.iso.date().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  })
  .refine(({ fromDay, toDay }) => !fromDay || !toDay || fromDay <= toDay, '"fromDay" must not be after "toDay"');

/** `GET /v1/objects/:kind` answers the athlete's objects of a kind, newest day first. */
export const listObjects = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'listObjects',
    method: 'get',
    path: '/v1/objects/:kind',
    summary: 'The athlete’s objects of a kind, newest day first',
    access: 'athlete_or_operator_read',
    params: Params,
    query: Query,
    answers: { 200: { description: 'Their resolved views.', schema: z.object({ objects: z.array(WireObjectShape) }) } },
    async handle(c, { caller, params, query }) {
      return replyJson(c, { objects: await hub.objects.list(caller.athleteId, params.kind, query) });
    },
  });
