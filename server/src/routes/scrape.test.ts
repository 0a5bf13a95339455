import { describe, expect, it } from 'vitest';
import { createPrometheus } from '../metrics/prometheus.ts';
import { READ_KEY, testServer } from '../testing/test-server.test-support.ts';

const asOperator = { headers: { authorization: `Bearer ${READ_KEY}` } };
const metrics = () => createPrometheus({ version: '1.2.3', process: false });

describe('GET /metrics', () => {
  it('answers an operator in the text format of Prometheus', async () => {
    const { app } = testServer({ gauges: { read: async () => [] } }, {}, await metrics());
    const answer = await app.request('/metrics', asOperator);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const text = await answer.text();
    expect(text).toContain('# TYPE coach_webhooks_total counter');
    expect(text).toContain('coach_build_info{version="1.2.3"} 1');
    expect(text).toContain('coach_store_up 1');
  });

  it('answers nobody else', async () => {
    const { app, as } = testServer({}, {}, await metrics());
    const stranger = await app.request('/metrics');
    const athlete = await app.request('/metrics', { headers: await as('ann') });
    expect([stranger.status, athlete.status]).toEqual([401, 403]);
  });

  it('tells what was counted while the database does not answer', async () => {
    const { app } = testServer({ gauges: { read: () => Promise.reject(new Error('locked')) } }, {}, await metrics());
    const text = await (await app.request('/metrics', asOperator)).text();
    expect(text).toContain('coach_store_up 0');
    expect(text).toContain('coach_build_info');
  });

  it('is not there where nothing is measured', async () => {
    const { app } = testServer({});
    expect((await app.request('/metrics', asOperator)).status).toBe(404);
  });
});

describe('figures of requests', () => {
  it('are told by method, pattern and status, never by address', async () => {
    const measured = await metrics();
    const server = testServer(
      { gauges: { read: async () => [] }, health: { live: () => ({ ok: true }) } },
      {},
      measured,
    );
    for (const path of ['/healthz', '/healthz', '/v1/objects/activity/act_1', '/wp-login.php'])
      await server.app.request(path);
    const { text } = await measured.scrape([]);
    const counts = text.split('\n').filter((line) => line.startsWith('coach_http_request_duration_seconds_count'));
    expect(counts).toEqual([
      'coach_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 2',
      'coach_http_request_duration_seconds_count{method="GET",route="/v1/objects/:kind/:id",status="401"} 1',
      'coach_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    ]);
  });

  it('of two servers in one process have nothing to do with each other', async () => {
    const [one, two] = [await metrics(), await metrics()];
    one.meter.count('coach_objects_written_total', { kind: 'activity' });
    expect((await one.scrape([])).text).toContain('coach_objects_written_total{kind="activity"} 1');
    expect((await two.scrape([])).text).not.toContain('coach_objects_written_total{');
  });

  it('of the process are there too', async () => {
    const { text } = await (await createPrometheus({ version: '1' })).scrape([]);
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'process_cpu_seconds_total',
    ])
      expect(text).toContain(`\n${name} `);
  });
});
