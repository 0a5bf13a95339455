import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter that writes what a run came to as JSON to the file named by COACH_TEST_TALLY:
 * `{ passed, failed, skipped, skips: [{ name, reason }] }`.
 *
 * A file that does not load, a failing hook of a suite and an error nobody caught each count as one failure, for each
 * would otherwise leave tests unrun with nothing red in the count.
 */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: 0, skips: [] };
    for (const module of modules) {
      if (module.errors().length > 0) tally.failed++;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) tally.failed++;
      for (const test of module.children.allTests()) count(tally, module, test);
    }
    writeFileSync(process.env.COACH_TEST_TALLY, JSON.stringify(tally));
  }
}

function count(tally, module, test) {
  const { state, note } = test.result();
  if (state === 'passed') tally.passed++;
  else if (state === 'failed') tally.failed++;
  else {
    tally.skipped++;
    tally.skips.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: note ?? null });
  }
}
