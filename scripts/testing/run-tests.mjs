import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Runs vitest once over the tree at `root` and returns `{ passed, failed, skipped, exitCode }`.
 *
 * What it printed has all been printed when this returns, so the caller's next line comes after it.
 *
 * @param args further arguments for vitest: file filters, `-t NAME` …
 */
export function runTests({ root, args = [] }) {
  const work = mkdtempSync(join(tmpdir(), 'coach-tests-'));
  const tallyFile = join(work, 'tally.json');
  try {
    const vitest = spawnSync(
      process.execPath,
      [
        join(dirname(dirname(here)), 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        `--reporter=${join(here, 'tally-reporter.mjs')}`,
        ...args,
      ],
      // Both streams go to stdout: whoever keeps the two apart still finds the summary line last.
      { cwd: root, stdio: ['ignore', 1, 1], env: { ...process.env, COACH_TEST_TALLY: tallyFile } },
    );
    const exitCode = vitest.status ?? 1;
    if (!existsSync(tallyFile)) {
      console.log(`The test run broke off before it had a result (${vitest.signal ?? `exit code ${exitCode}`}).`);
      return { passed: 0, failed: 1, skipped: 0, exitCode: exitCode || 1 };
    }
    return judge(JSON.parse(readFileSync(tallyFile, 'utf8')), exitCode);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The last line of a run. Nothing may be printed after it: tools read it. */
export function summaryLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

function judge({ passed, failed, skipped, skips }, exitCode) {
  const explained = skips.filter((skip) => skip.reason !== null);
  for (const { name, reason } of explained) console.log(`skipped: ${name}: ${reason}`);

  if (skipped > 0) console.log(`${skipped} skipped`);

  const executed = passed + failed;
  if (executed === 0) {
    console.log('No test was executed.');
    return { passed, failed, skipped, exitCode: exitCode || 1 };
  }
  if (exitCode !== 0 && failed === 0) {
    console.log(`vitest ended with exit code ${exitCode} although no test failed; see its messages above.`);
    return { passed, failed: 1, skipped, exitCode };
  }
  return { passed, failed, skipped, exitCode: failed > 0 ? exitCode || 1 : 0 };
}
