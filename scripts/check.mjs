/**
 * `npm run check`: all that CI does, in the order of how soon a step has an answer. Stops at the first step that fails and
 * shows what it said. The tests come last, and the last line is theirs: `N passed, M failed`.
 *
 * `--keep-going` runs every step whatever became of the others, and counts each that failed as one failure.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rootArgument } from './root-argument.mjs';
import { runTests, summaryLine } from './testing/run-tests.mjs';

const root = rootArgument();
const keepGoing = process.argv.includes('--keep-going');
const script = (name, ...args) => [join(root, 'scripts', name), ...args];
const tool = (path, ...args) => [join(root, 'node_modules', path), ...args];

const STEPS = [
  ['format and lint', tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  ['lock file', script('lockcheck.mjs')],
  ['architecture', script('architecture.mjs')],
  [
    'types',
    tool(
      'typescript/bin/tsc',
      '-p',
      'tsconfig.json',
      '--incremental',
      '--tsBuildInfoFile',
      'node_modules/.cache/types',
    ),
  ],
  ['build', tool('turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only')],
  ['declarations', script('types.mjs')],
];

let failedSteps = 0;
for (const [name, args] of STEPS) {
  if (!runStep(name, args)) {
    failedSteps++;
    if (!keepGoing) break;
  }
}

if (failedSteps > 0 && !keepGoing) {
  console.log('Stopped here; the tests were not run.');
  process.exitCode = 1;
} else {
  const startedAtMs = performance.now();
  const result = runTests({ root });
  report(result.exitCode === 0, 'tests', startedAtMs);
  if (failedSteps > 0) console.log(`${failedSteps} of the checks before the tests failed; each counts as one failure.`);
  process.exitCode = result.exitCode || (failedSteps > 0 ? 1 : 0);
  console.log(summaryLine({ ...result, failed: result.failed + failedSteps }));
}

function runStep(name, args) {
  const startedAtMs = performance.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
  report(status === 0, name, startedAtMs);
  if (status !== 0) console.log(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  return status === 0;
}

function report(passed, name, startedAtMs) {
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds.padStart(6)} s`);
}
