/**
 * `npm run sim -- [--seeds N] [--first SEED] [--seed SEED] [--json]`: phones, a hub and a bad network, each drawn by a seed,
 * with the real code of the SDK, the routes, the sync service and the store.
 *
 * Messages are lost, doubled, held back and mixed up; phones and the hub lose their power just before or just after a
 * statement of their databases; clocks are a day off; tokens end; watches upload; the hub is restored from a backup and
 * phones from copies of each other. What must hold is checked at each step and when all is quiet. The same seed tells the
 * same story; `--seed` tells one of them whole.
 *
 * Progress goes to stderr, figures to stdout, with --json one object. Exit code 1 when something did not hold.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { rootArgument } from './root-argument.mjs';
import { bundleSimulator } from './sim/bundle.mjs';
import { refuse, wholeNumber } from './whole-number.mjs';

/** The power is never cut to this machine, so its databases may lie in memory, where there is such a folder. */
const MEMORY = '/dev/shm';
const MOST_WORKERS = 4;
/** Every how many seeds is said how far it is. */
const TELL_EVERY = 100;
const SHOWN_FAILURES = 10;

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    root: { type: 'string' },
  },
});
const first = wholeNumber(options, options.seed === undefined ? 'first' : 'seed');
const seeds = options.seed === undefined ? wholeNumber(options, 'seeds') : 1;
if (seeds === 0) refuse('--seeds: one at least');

const startedMs = performance.now();
const bundle = await bundleSimulator(rootArgument());
const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'coach-sim-'));
const cleanUp = () => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(bundle), { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    cleanUp();
    process.exit(1);
  });
}

try {
  const found = await runAll();
  report(found);
} finally {
  cleanUp();
}

/** Shares the seeds among threads. @returns results in the order of their seeds, and the statements that ran. */
async function runAll() {
  const results = [];
  const statements = new Map();
  let next = first;
  const work = (at) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('sim/worker.mjs', import.meta.url), {
        workerData: { bundle, folder: join(folder, `thread-${at}`) },
      });
      const give = () => worker.postMessage(next < first + seeds ? next++ : null);
      worker.on('message', ({ result, seen }) => {
        if (result) {
          results.push(result);
          if (results.length % TELL_EVERY === 0) console.error(`${results.length} of ${seeds} seeds`);
        }
        for (const [text, before, after] of seen ?? []) {
          const sum = statements.get(text) ?? { before: 0, after: 0 };
          statements.set(text, { before: sum.before + before, after: sum.after + after });
        }
        if (seen) resolve();
        else give();
      });
      worker.once('error', reject);
      worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A thread ended with ${code}`))));
    });
  const workers = Math.min(MOST_WORKERS, availableParallelism(), seeds);
  await Promise.all(Array.from({ length: workers }, (_, at) => work(at)));
  return { results: results.sort((a, b) => a.seed - b.seed), statements };
}

/** Statements that no death lay just before or just after, and which side is missing. */
function missedOf(statements) {
  return [...statements].flatMap(([text, { before, after }]) => {
    const sides = [...(before === 0 ? ['before'] : []), ...(after === 0 ? ['after'] : [])];
    return sides.length === 0 ? [] : [`${sides.join(' and ')}: ${text.replace(/\s+/g, ' ').slice(0, 160)}`];
  });
}

function report({ results, statements }) {
  const failures = results.filter((result) => result.failures.length > 0);
  const counts = [...statements.values()];
  const both = counts.filter(({ before, after }) => before > 0 && after > 0).length;
  const figures = {
    seeds,
    failures: failures.map(({ seed, failures: what }) => ({ seed, what })),
    invariants: results[0].invariants,
    coverage: { statements: counts.length, cutBeforeAndAfter: both, missed: missedOf(statements) },
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
  };
  if (failures.length > 0) process.exitCode = 1;
  if (options.json) return console.log(JSON.stringify(figures));
  const shown = options.seed === undefined ? failures.slice(0, SHOWN_FAILURES) : results;
  for (const { seed, history, failures: what } of shown) {
    console.log(`seed ${seed}\n  ${history.join('\n  ')}`);
    for (const line of what) console.log(`  FAILS  ${line}`);
  }
  console.log(
    `${seeds} seeds, ${failures.length} with failures, ${figures.invariants} invariants, ${both} of ${counts.length} ` +
      `statements cut before and after, ${figures.seconds} s`,
  );
}
