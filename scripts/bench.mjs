/**
 * `npm run bench -- [--json] [--only NAME] [--rounds N]`: measures ours against a named baseline, in one process.
 *
 * Absolute numbers depend on the machine; the ratio of two things measured side by side hardly does. So every row is a
 * pair: warmed up, measured in turns (15 rounds or more, the order swapped each round), and compared by the medians.
 * Nothing here passes or fails; the aim is printed beside the ratio for a reader to judge.
 *
 * A benchmark is one file, bench/NAME.bench.mjs, that default-exports one of these, or a list of them
 *
 *   {
 *     name: 'start-up of coach --version against node -e 0',   // "what of ours against which baseline"
 *     unit: 'ms',                                              // of what ours() and baseline() return
 *     better: 'lower',       // 'lower' for a cost (ms, bytes), 'higher' for a rate (requests/s, MB/s)
 *     aim: 3,                // optional: the ratio aimed at, "under 3" for a cost, "3 or better" for a rate
 *     async setup() {        // not measured: open files, make input, connect
 *       return {
 *         ours: () => …,     // runs one round and returns its number; may be async
 *         baseline: () => …, // the same work, done the other way
 *         close: () => …,    // optional: gives back what setup opened
 *       };
 *     },
 *   }
 *
 * One round should take 20 ms to 1 s: long enough for the clock, short enough for many rounds. Both sides must do the same
 * work on the same input, and use its result, so that nothing is optimised away.
 *
 * The ratio is ours / baseline for both kinds. A rate aims at "N or better", a cost at "under N".
 * Output: a table, or with --json one object a line: { name, unit, ours, baseline, ratio }. Progress goes to stderr.
 * `--only` takes a part of a file's name or of a row's name.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rootArgument } from './root-argument.mjs';

const LEAST_ROUNDS = 15;
const WARM_UP_ROUNDS = 3;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: String(LEAST_ROUNDS) },
    root: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < LEAST_ROUNDS) {
  console.error(`--rounds: expected a whole number, ${LEAST_ROUNDS} or more, got "${options.rounds}".`);
  process.exit(1);
}

const benchmarks = await load(join(rootArgument(), 'bench'));
if (benchmarks.length === 0) {
  console.error(options.only ? `No benchmark matches "${options.only}".` : 'There is no benchmark in bench/.');
  process.exit(1);
}

const results = [];
for (const benchmark of benchmarks) {
  console.error(`measuring: ${benchmark.name} …`);
  const row = await measure(benchmark);
  results.push({ ...row, aim: aimOf(benchmark) });
  if (options.json) console.log(JSON.stringify(row));
}
if (!options.json) console.log(table(results));

async function load(folder) {
  const found = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.bench.mjs')) continue;
    const { default: one } = await import(pathToFileURL(join(folder, file)).href);
    for (const benchmark of [one].flat()) {
      if (!['higher', 'lower'].includes(benchmark.better))
        throw new Error(`bench/${file}: "better" is higher or lower`);
      if (!options.only || file.includes(options.only) || benchmark.name.includes(options.only)) found.push(benchmark);
    }
  }
  return found;
}

async function measure({ name, unit, setup }) {
  const subject = await setup();
  try {
    for (let i = 0; i < WARM_UP_ROUNDS; i++) {
      await subject.ours();
      await subject.baseline();
    }
    const ours = [];
    const baseline = [];
    const turn = [async () => ours.push(await subject.ours()), async () => baseline.push(await subject.baseline())];
    for (let i = 0; i < rounds; i++) {
      // Whoever goes second may find caches warm or the machine throttled; taking turns evens that out.
      for (const go of i % 2 === 0 ? turn : [...turn].reverse()) await go();
    }
    const row = { ours: median(ours), baseline: median(baseline) };
    return {
      name,
      unit,
      ours: rounded(row.ours),
      baseline: rounded(row.baseline),
      ratio: rounded(row.ours / row.baseline),
    };
  } finally {
    await subject.close?.();
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rounded(value) {
  return Number(value.toPrecision(4));
}

function aimOf({ aim, better }) {
  if (aim === undefined) return '';
  return better === 'higher' ? `${aim} or better` : `under ${aim}`;
}

function table(rows) {
  const lines = [
    ['benchmark', 'ours', 'baseline', 'unit', 'ratio', 'aim'],
    ...rows.map((row) => [row.name, row.ours, row.baseline, row.unit, row.ratio, row.aim].map(String)),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const isNumber = (column) => column === 1 || column === 2 || column === 4;
  return lines
    .map((line) =>
      line
        .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
