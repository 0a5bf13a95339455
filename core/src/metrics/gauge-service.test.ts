import { describe, expect, it } from 'vitest';
import { createGaugeService, type GaugeParts } from './gauge-service.ts';

function parts() {
  let nowMs = 0;
  const asked: string[] = [];
  const answer =
    <T>(name: string, value: T) =>
    async () => {
      asked.push(name);
      return value;
    };
  const inbox = { deliveries: 3, envelopesNew: 2, envelopesDead: 1, deadLetters: 1, unknownIdentities: 0 };
  const store = {
    inboxCounts: answer('inbox', inbox),
    figures: answer('figures', { deadLetters: [], connections: [], questionsOpen: 4, databaseBytes: [] }),
  };
  const made = {
    store,
    queue: { countsByTask: answer('jobs', [{ task: 'work', ready: 1, delayed: 2, running: 3, dead: 4 }]) },
    blobs: { usage: answer('blobs', { blobs: 5, bytes: 60 }) },
    egress: { budgets: async () => [{ plugin: 'stride', windowS: 60, left: 99 }] },
    adapterPool: { load: () => ({ waiting: 1, running: 2 }) },
    clock: { now: () => nowMs },
  } as unknown as GaugeParts;
  return {
    parts: made,
    store,
    asked,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('the gauges of a hub', () => {
  it('are what its parts count', async () => {
    const read = await createGaugeService(parts().parts).read();
    const shown = read.map(({ metric, labels, value }) => `${[metric, ...Object.values(labels)].join(' ')} = ${value}`);
    expect(shown).toEqual([
      'coach_inbox_deliveries = 3',
      'coach_inbox_envelopes new = 2',
      'coach_inbox_envelopes dead = 1',
      'coach_inbox_unknown_identities = 0',
      'coach_jobs work ready = 1',
      'coach_jobs work delayed = 2',
      'coach_jobs work running = 3',
      'coach_jobs work dead = 4',
      'coach_questions_open = 4',
      'coach_decode_tasks waiting = 1',
      'coach_decode_tasks running = 2',
      'coach_budget_requests_left stride 60s = 99',
      'coach_blob_bytes = 60',
      'coach_blobs = 5',
    ]);
  });

  it('are read once for everybody who asks within five seconds, blobs once in five minutes', async () => {
    const { parts: made, asked, pass } = parts();
    const gauges = createGaugeService(made);
    await Promise.all([gauges.read(), gauges.read()]);
    pass(4_999);
    await gauges.read();
    expect(asked.sort()).toEqual(['blobs', 'figures', 'inbox', 'jobs']);
    pass(1);
    await gauges.read();
    expect(asked.filter((name) => name === 'inbox')).toHaveLength(2);
    expect(asked.filter((name) => name === 'blobs')).toHaveLength(1);
    pass(300_000);
    await gauges.read();
    expect(asked.filter((name) => name === 'blobs')).toHaveLength(2);
  });

  it('that could not be read are asked for again at once', async () => {
    const { parts: made, store } = parts();
    const gauges = createGaugeService(made);
    const { inboxCounts } = store;
    store.inboxCounts = () => Promise.reject(new Error('locked'));
    await expect(gauges.read()).rejects.toThrow('locked');
    store.inboxCounts = inboxCounts;
    expect(await gauges.read()).not.toEqual([]);
  });
});
