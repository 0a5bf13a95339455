/**
 * Every figure a hub tells its operator, in one table: name, kind, meaning and labels. Names follow Prometheus.
 *
 * A label holds a word of ours from a bounded set: a plugin's id, a state, an error code. Never an athlete, an address
 * or anything a caller can choose.
 */
export interface MetricFacts {
  type: 'counter' | 'histogram' | 'gauge';
  help: string;
  labels: readonly string[];
}

export const METRICS = {
  coach_webhooks_total: {
    type: 'counter',
    help: 'Webhook requests by plugin and outcome: "accepted", or the code they were refused with.',
    labels: ['plugin', 'outcome'],
  },
  coach_envelopes_total: {
    type: 'counter',
    help: 'Envelopes read by plugin and outcome: "done", "dead", or "again" where the database was busy.',
    labels: ['plugin', 'outcome'],
  },
  coach_decode_duration_seconds: {
    type: 'histogram',
    help: 'Time to read one envelope, waiting for a worker thread included.',
    labels: ['plugin', 'outcome'],
  },
  coach_objects_written_total: {
    type: 'counter',
    help: 'Objects whose view changed and took a rev, by kind.',
    labels: ['kind'],
  },
  coach_sync_pushes_total: {
    type: 'counter',
    help: 'Pushes of phones by outcome: "ok", or the code they were refused with.',
    labels: ['outcome'],
  },
  coach_sync_pulls_total: {
    type: 'counter',
    help: 'Pulls of phones by outcome: "ok", or the code they were refused with.',
    labels: ['outcome'],
  },
  coach_sync_mutations_total: {
    type: 'counter',
    help: 'Mutations of phones by what became of them.',
    labels: ['status'],
  },
  coach_sync_rejected_mutations_total: {
    type: 'counter',
    help: 'Mutations that were rejected, by code.',
    labels: ['code'],
  },
  coach_jobs_total: {
    type: 'counter',
    help: 'Runs of jobs by task and outcome: "done", "postponed" or "failed".',
    labels: ['task', 'outcome'],
  },
  coach_job_duration_seconds: { type: 'histogram', help: 'Time one run of a job took.', labels: ['task'] },
  coach_token_refreshes_total: {
    type: 'counter',
    help: 'Token refreshes by plugin and outcome: "refreshed", or the code they failed with.',
    labels: ['plugin', 'outcome'],
  },
  coach_egress_requests_total: {
    type: 'counter',
    help: 'Requests to providers by plugin and status of the answer; "none" where there was no answer.',
    labels: ['plugin', 'status'],
  },
  coach_egress_duration_seconds: {
    type: 'histogram',
    help: 'Time until a provider had answered, body included.',
    labels: ['plugin'],
  },
  coach_egress_refused_total: {
    type: 'counter',
    help: 'Requests to providers that were not sent, by plugin and code: an address that is not allowed, a spent budget.',
    labels: ['plugin', 'code'],
  },
  coach_inbox_deliveries: { type: 'gauge', help: 'Deliveries that wait to be split.', labels: [] },
  coach_inbox_envelopes: { type: 'gauge', help: 'Envelopes that are not in the ledger, by state.', labels: ['state'] },
  coach_inbox_dead_letters: {
    type: 'gauge',
    help: 'Dead letters nobody has replayed, by plugin, stage and code.',
    labels: ['plugin', 'stage', 'code'],
  },
  coach_inbox_unknown_identities: {
    type: 'gauge',
    help: 'Items for accounts that no connection has, since the database was made.',
    labels: [],
  },
  coach_jobs: { type: 'gauge', help: 'Jobs by task and state.', labels: ['task', 'state'] },
  coach_questions_open: { type: 'gauge', help: 'Questions that wait for an athlete.', labels: [] },
  coach_connections: { type: 'gauge', help: 'Connections by plugin and state.', labels: ['plugin', 'state'] },
  coach_decode_tasks: {
    type: 'gauge',
    help: 'Envelopes at the worker threads, by state: "waiting" or "running".',
    labels: ['state'],
  },
  coach_budget_requests_left: {
    type: 'gauge',
    help: 'Requests a provider still grants the whole app in a window, as this process counts them.',
    labels: ['plugin', 'window'],
  },
  coach_database_bytes: { type: 'gauge', help: 'Size of the database on disk, by part.', labels: ['part'] },
  coach_blob_bytes: { type: 'gauge', help: 'Bytes of blobs.', labels: [] },
  coach_blobs: { type: 'gauge', help: 'Number of blobs.', labels: [] },
} as const satisfies { readonly [name: string]: MetricFacts };

type Metrics = typeof METRICS;
export type MetricName = keyof Metrics;
type NameOf<T extends MetricFacts['type']> = {
  [N in MetricName]: Metrics[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
export type GaugeName = NameOf<'gauge'>;

export type LabelsOf<N extends MetricName> = { readonly [L in Metrics[N]['labels'][number]]: string };

/** One gauge at the moment it was read. */
export type Reading = { [N in GaugeName]: { metric: N; labels: LabelsOf<N>; value: number } }[GaugeName];
