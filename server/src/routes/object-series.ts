import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJson } from '../reply/json.ts';
import { ObjectRef } from '../shape/object-ref.ts';
import { SeriesShape } from '../shape/series.ts';

const MAX_POINTS = 10_000;

const Query = z.object({
  channels: z
    .string()
    .regex(/^[A-Za-z0-9_.,:-]{1,1000}$/)
    .transform((names) => names.split(',').filter((name) => name !== ''))
    .optional()
    .describe('Names separated by commas; all where left out.'),
  points: z.coerce
    .number()
    .int()
    .min(2)
    .max(MAX_POINTS)
    .optional()
    .describe('Thin out to so many points; 500 where left out.'),
});

/** `GET /v1/objects/:kind/:id/series` answers the time series of an object, channel by channel. */
export const objectSeries = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'objectSeries',
    method: 'get',
    path: '/v1/objects/:kind/:id/series',
    summary: 'The time series of an object',
    access: 'athlete_or_operator_read',
    params: ObjectRef,
    query: Query,
    answers: { 200: { description: 'One entry per source.', schema: SeriesShape } },
    problems: ['not_found', 'blob_missing'],
    async handle(c, { caller, params, query }) {
      return replyJson(c, await hub.objects.series(caller.athleteId, params.kind, params.id, query));
    },
  });
