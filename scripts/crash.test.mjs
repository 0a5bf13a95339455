/** `npm run crash` on a small scale, with the built command. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { serverUrl } from '@coach-hub/plugin-sql-store/own-databases';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('crash.mjs', import.meta.url));

function crash(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '--json', ...args], { encoding: 'utf8' });
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last) throw new Error(stderr);
  // Says the seed, and what differs.
  console.log(stderr);
  return { status, ...JSON.parse(last) };
}

/** Twenty starts of the real command, on a machine that may have much else to do. */
const TIMEOUT_MS = 600_000;
const UNHARMED = { status: 0, differences: 0, problems: 0, revsMoved: 0 };

const server = await serverUrl();
if (server === null) console.warn('skipped: kills on PostgreSQL; there is none here.');
const ON = [['SQLite', []], ...(server === null ? [] : [['PostgreSQL', ['--db', server]]])];

describe.each(ON)('on %s', (_name, db) => {
  it('a hub killed under webhook load holds what it acknowledged, and nothing else', { timeout: TIMEOUT_MS }, () => {
    const report = crash('--only', 'webhooks', '--kills', '10', ...db);
    expect(report).toMatchObject({ ...UNHARMED, kills: 10 });
    expect(report.deliveriesAcknowledged).toBeGreaterThan(10);
    expect(report.objects).toBeGreaterThan(5);
  });

  it('an import killed half-way goes on where it was, and ends as if nothing had been', { timeout: TIMEOUT_MS }, () => {
    const report = crash('--only', 'import', '--imports', '2', ...db);
    expect(report).toMatchObject({ ...UNHARMED, import: { kills: 2 } });
    expect(report.import.objects).toBeGreaterThan(5);
  });

  it('a phone killed while it writes and syncs has everything its screen was told, once, and so has the hub', {
    timeout: TIMEOUT_MS,
  }, () => {
    const report = crash('--only', 'phone', '--phones', '4', ...db);
    expect(report).toMatchObject({ ...UNHARMED, phone: { kills: 4 } });
    expect(report.phone.writesAcknowledged).toBeGreaterThan(0);
  });
});
