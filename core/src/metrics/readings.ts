/** What the hub's parts count, as gauges. Pure. A new class of figures (disk use by class, say) is one more entry here. */
import type { BudgetLeft } from '../egress/egress.ts';
import type { InboxCounts } from '../hub/hub.ts';
import type { PoolLoad } from '../plugin/adapter-pool.ts';
import type { StoreFigures } from '../store/figures-store.ts';
import type { TaskCounts } from '../store/job-queue.ts';
import type { Reading } from './metric.ts';

export interface Counted {
  inbox: InboxCounts;
  jobs: TaskCounts[];
  figures: StoreFigures;
  budgets: BudgetLeft[];
  blobs: { blobs: number; bytes: number };
  decode: PoolLoad;
}

export function readingsOf({ inbox, jobs, figures, budgets, blobs, decode }: Counted): Reading[] {
  return [
    ...inboxReadings(inbox, figures),
    ...jobs.flatMap(jobReadings),
    { metric: 'coach_questions_open', labels: {}, value: figures.questionsOpen },
    ...figures.connections.map(
      ({ plugin, state, connections }): Reading => ({
        metric: 'coach_connections',
        labels: { plugin, state },
        value: connections,
      }),
    ),
    { metric: 'coach_decode_tasks', labels: { state: 'waiting' }, value: decode.waiting },
    { metric: 'coach_decode_tasks', labels: { state: 'running' }, value: decode.running },
    ...budgets.map(
      ({ plugin, windowS, left }): Reading => ({
        metric: 'coach_budget_requests_left',
        labels: { plugin, window: `${windowS}s` },
        value: left,
      }),
    ),
    ...figures.databaseBytes.map(
      ({ part, bytes }): Reading => ({ metric: 'coach_database_bytes', labels: { part }, value: bytes }),
    ),
    { metric: 'coach_blob_bytes', labels: {}, value: blobs.bytes },
    { metric: 'coach_blobs', labels: {}, value: blobs.blobs },
  ];
}

function inboxReadings(inbox: InboxCounts, { deadLetters }: StoreFigures): Reading[] {
  return [
    { metric: 'coach_inbox_deliveries', labels: {}, value: inbox.deliveries },
    { metric: 'coach_inbox_envelopes', labels: { state: 'new' }, value: inbox.envelopesNew },
    { metric: 'coach_inbox_envelopes', labels: { state: 'dead' }, value: inbox.envelopesDead },
    { metric: 'coach_inbox_unknown_identities', labels: {}, value: inbox.unknownIdentities },
    ...deadLetters.map(
      ({ plugin, stage, code, letters }): Reading => ({
        metric: 'coach_inbox_dead_letters',
        labels: { plugin, stage, code },
        value: letters,
      }),
    ),
  ];
}

function jobReadings({ task, ready, delayed, running, dead }: TaskCounts): Reading[] {
  return Object.entries({ ready, delayed, running, dead }).map(
    ([state, value]): Reading => ({ metric: 'coach_jobs', labels: { task, state }, value }),
  );
}
