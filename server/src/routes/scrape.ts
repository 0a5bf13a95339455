import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** `GET /metrics` answers the figures of this process and its hub to an operator, as Prometheus reads them. */
export const scrape = ({ hub }: Pick<Deps, 'hub'>, metrics: Metrics) =>
  endpoint({
    id: 'scrape',
    method: 'get',
    path: '/metrics',
    summary: 'Figures of this process and its hub, for Prometheus',
    access: 'operator_read',
    answers: { 200: { description: 'The text format of Prometheus.', mediaType: 'text/plain' } },
    async handle(c) {
      // What was counted is told even while the database answers nobody: that is when somebody looks.
      const readings = await hub.gauges.read().catch(() => null);
      const { mediaType, text } = await metrics.scrape(readings);
      c.set('bytes', Buffer.byteLength(text));
      c.header('Content-Type', mediaType);
      return c.body(text);
    },
  });
