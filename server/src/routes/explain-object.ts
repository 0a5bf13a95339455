import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ExplanationShape } from '../shape/explanation.ts';
import { ObjectRef } from '../shape/object-ref.ts';

/** `GET /v1/objects/:kind/:id/explain` answers how each field of an object came to be. */
export const explainObject = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'explainObject',
    method: 'get',
    path: '/v1/objects/:kind/:id/explain',
    summary: 'How each field of an object came to be',
    access: 'athlete_or_operator_read',
    params: ObjectRef,
    answers: {
      200: { description: 'Sources, and per field who decided and by which rule.', schema: ExplanationShape },
    },
    problems: ['not_found'],
    async handle(c, { caller, params }) {
      return replyJson(c, await hub.objects.explain(caller.athleteId, params.kind, params.id));
    },
  });
