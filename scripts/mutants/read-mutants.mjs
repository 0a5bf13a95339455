/** Has damaged copies read by threads, and watches that none of them takes too long. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

const LONGEST_MS = 2_000;
const LOOK_MS = 100;
const TELL_EVERY = 10_000;

/**
 * @param files `{ name, bytes }` of each; `copies`: the numbers of the copies that are made of each.
 * @returns a row for each file, and what broke a rule.
 */
export async function readMutants({ files, copies, seed, say }) {
  const problems = [];
  const tallies = files.map(({ name }) => ({ file: name, copies: 0, read: 0, slowestMs: 0, outcomes: new Map() }));
  let done = 0;

  function take({ file, copy, damages, outcome, ms, problem }) {
    const tally = tallies[file];
    tally.copies += 1;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
    if (outcome.startsWith('read')) tally.read += 1;
    if (problem !== undefined) problems.push({ file: tally.file, copy, damages, problem });
    else if (ms > LONGEST_MS)
      problems.push({ file: tally.file, copy, damages, problem: `It took ${Math.round(ms)} ms.` });
    if (++done % TELL_EVERY === 0) say(`${done} of ${files.length * copies.length} copies`);
  }

  const threads = Math.min(availableParallelism(), 4);
  await Promise.all(
    Array.from({ length: threads }, (_, first) =>
      readAll({ files, copies, seed, step: threads, first, take, lost: (problem) => problems.push(problem) }),
    ),
  );
  const rows = tallies.map(({ outcomes, slowestMs, ...tally }) => ({
    ...tally,
    refused: tally.copies - tally.read - (outcomes.get('wrong') ?? 0),
    slowestMs: Math.round(slowestMs),
    mostOften: [...outcomes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', '),
  }));
  return { rows, problems };
}

/** One thread's share. When a copy kills it or keeps it too long, another goes on with the next one. */
async function readAll({ files, copies, seed, step, first, take, lost }) {
  for (let next = first; next < files.length * copies.length; ) {
    const stuckAt = await readFrom({ files, copies, seed, step, first: next, take });
    if (stuckAt === null) return;
    const { nth, why } = stuckAt;
    lost({
      file: files[Math.floor(nth / copies.length)].name,
      copy: copies[nth % copies.length],
      damages: [],
      problem: why,
    });
    next = nth + step;
  }
}

function readFrom({ files, copies, seed, step, first, take }) {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('reader.mjs', import.meta.url), {
    workerData: { files, copies, seed, step, first, at },
  });
  return new Promise((resolve) => {
    let seen = 0;
    let sinceMs = performance.now();
    let why = 'Its thread died.';
    const watch = setInterval(() => {
      const nth = Atomics.load(at, 0);
      if (nth === 0 || nth !== seen) {
        seen = nth;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs > LONGEST_MS) {
        why = `It took more than ${LONGEST_MS} ms.`;
        void worker.terminate();
      }
    }, LOOK_MS);
    worker.on('message', take);
    worker.on('error', (error) => {
      why = String(error?.stack ?? error).split('\n')[0];
    });
    worker.once('exit', () => {
      clearInterval(watch);
      const nth = Atomics.load(at, 0);
      resolve(nth === 0 ? null : { nth: nth - 1, why });
    });
  });
}
