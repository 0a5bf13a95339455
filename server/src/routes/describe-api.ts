import type { Deps } from '../deps.ts';
import { type Endpoint, type EndpointFacts, endpoint } from '../endpoint/endpoint.ts';
import { type OpenApi, openApiOf } from '../openapi/open-api.ts';
import { replyJson } from '../reply/json.ts';

/** `GET /openapi.json` answers the description of every endpoint, made from the schemas that check its requests. */
export const describeApi = ({ config }: Pick<Deps, 'config'>, others: readonly EndpointFacts[]): Endpoint => {
  let description: OpenApi | null = null; // made at the first question
  const self: Endpoint = endpoint({
    id: 'describeApi',
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    access: 'none',
    answers: { 200: { description: 'OpenAPI 3.1.', mediaType: 'application/json' } },
    handle(c) {
      description ??= openApiOf([...others, self], config.publicUrl);
      return replyJson(c, description);
    },
  });
  return self;
};
