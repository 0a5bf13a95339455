import { it } from 'vitest';
import { createWorld } from './testing/phone.test-support.ts';
it('perf', async () => {
  const { phone } = createWorld();
  const page = (p: number, gen: number) => JSON.stringify({ serverTime: '2026-03-01T08:00:00.000Z', pull: { mode: gen === 0 ? 'snapshot' : 'delta', cursor: `c${gen}-${p}`, hasMore: p < 19, head: 10000, acks: {}, changes: Array.from({ length: 500 }, (_, i) => ({ op: 'put', kind: 'activity', id: `act_${p * 500 + i}`, rev: gen * 10000 + p * 500 + i + 1, day: '2026-02-02', data: { sport: 'run', distanceM: i, elapsedS: 3600, title: 'x'.repeat(250), notes: 'y'.repeat(100) } })) } });
  const answers = [0, 1].flatMap((gen) => Array.from({ length: 20 }, (_, p) => page(p, gen)));
  const { coach, driver } = phone({ fetch: async () => ({ status: 200, headers: { get: () => null }, text: async () => answers.shift()! }) });
  await coach.status();
  const times: { [sql: string]: number } = {};
  void driver; void times;
  for (const name of ['first', 'again']) {
    const cpu = process.cpuUsage();
    const r = await coach.sync();
    const used = process.cpuUsage(cpu);
    console.log(name, (used.user + used.system) / 1000, 'cpu ms', r.pulled, r.state);
  }
}, 60000);
