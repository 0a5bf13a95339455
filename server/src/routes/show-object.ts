import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ObjectRef } from '../shape/object-ref.ts';
import { ProvenObjectShape } from '../shape/wire-object.ts';

/** `GET /v1/objects/:kind/:id` answers one object with the source of each field. */
export const showObject = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'showObject',
    method: 'get',
    path: '/v1/objects/:kind/:id',
    summary: 'One object with the source of each field',
    access: 'athlete_or_operator_read',
    params: ObjectRef,
    answers: { 200: { description: 'The resolved view.', schema: ProvenObjectShape } },
    problems: ['not_found'],
    async handle(c, { caller, params }) {
      return replyJson(c, await hub.objects.get(caller.athleteId, params.kind, params.id));
    },
  });
