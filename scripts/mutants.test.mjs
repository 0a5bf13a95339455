/** `npm run mutants` on a small scale, with the built packages. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('mutants.mjs', import.meta.url));
const COPIES = 40;

function mutants(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('damaged copies of FIT files', () => {
  it('are read or refused with a reason, quickly, and none by half', { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = mutants('--copies', String(COPIES), '--json');
    // Says the seed, and what was wrong.
    console.log(stderr);
    const report = JSON.parse(stdout);
    expect([status, report.problems]).toEqual([0, 0]);
    expect(report.copies % COPIES).toBe(0);
    expect(report.read).toBeGreaterThan(0);
    expect(report.refused).toBeGreaterThan(0);
    expect(report.read + report.refused).toBe(report.copies);
  });

  it('are the same again with the same seed', { timeout: 60_000 }, () => {
    const told = () => {
      const { read, refused } = JSON.parse(mutants('--copies', '3', '--seed', '7', '--json').stdout);
      return { read, refused };
    };
    expect(told()).toEqual(told());
  });
});
