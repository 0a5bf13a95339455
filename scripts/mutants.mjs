/**
 * `npm run mutants -- [--copies N] [--seed N] [--file NAME] [--copy N] [--json]`: damages each FIT file `--copies` times
 * (2,000), reads every copy as an import does, and looks at what comes of it.
 *
 * A copy must be read or refused with a reason, within two seconds, and what is read must be whole: fields the ledger
 * takes, a series whose channels are as long as it says and whose times are in order. The files are the shared
 * recordings where they lie beside the checkout, else runs written here. Half of the copies have their checksums
 * mended, so that the damage gets past the door. The same seed damages the same way; `--file` and `--copy` read one of
 * them again.
 *
 * Progress goes to stderr, a table to stdout, with --json one object. Exit code 1 when a copy broke a rule.
 */
import { parseArgs } from 'node:util';
import { fitFiles } from '../bench/support/recordings.mjs';
import { readMutants } from './mutants/read-mutants.mjs';
import { refuse, wholeNumber } from './whole-number.mjs';

const SHOWN_PROBLEMS = 10;

const { values: options } = parseArgs({
  options: {
    copies: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    file: { type: 'string' },
    copy: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seed = wholeNumber(options, 'seed');
const copies =
  options.copy === undefined
    ? Array.from({ length: wholeNumber(options, 'copies') }, (_, at) => at)
    : [wholeNumber(options, 'copy')];
const files = fitFiles().filter(({ name }) => options.file === undefined || name === options.file);
if (files.length === 0) refuse(`--file: there is no "${options.file}"`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const startedMs = performance.now();
console.error(`seed ${seed}, ${files.length} files, ${copies.length} copies of each`);
const { rows, problems } = await readMutants({ files, copies, seed, say: (text) => console.error(text) });
const total = rows.reduce(
  (sum, row) => ({
    copies: sum.copies + row.copies,
    read: sum.read + row.read,
    refused: sum.refused + row.refused,
    slowestMs: Math.max(sum.slowestMs, row.slowestMs),
  }),
  { copies: 0, read: 0, refused: 0, slowestMs: 0 },
);
for (const { file, copy, damages, problem } of problems.slice(0, SHOWN_PROBLEMS)) {
  console.error(`${file}, copy ${copy} (${damages.join(', ')}): ${problem}`);
  console.error(`  again: npm run mutants -- --seed ${seed} --file ${file} --copy ${copy}`);
}
const report = {
  ...total,
  problems: problems.length,
  seconds: Math.round((performance.now() - startedMs) / 1_000),
  seed,
};
console.log(options.json ? JSON.stringify(report) : table(rows, report));
if (problems.length > 0 || total.copies !== files.length * copies.length) process.exitCode = 1;

function table(rows, { seconds, problems, ...total }) {
  const lines = [
    ['file', 'copies', 'read', 'refused', 'slowest, ms', 'most often'],
    ...rows.map((row) => [row.file, row.copies, row.read, row.refused, row.slowestMs, row.mostOften]),
    [
      'all',
      total.copies,
      total.read,
      total.refused,
      total.slowestMs,
      `${problems} problems, ${seconds} s, seed ${seed}`,
    ],
  ].map((line) => line.map(String));
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const cellOf = (cell, column) =>
    column === 0 || column === 5 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return lines.map((line) => line.map(cellOf).join('  ').trimEnd()).join('\n');
}
