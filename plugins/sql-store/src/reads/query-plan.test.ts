import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadStatements } from '../change/load.ts';
import { statementsFor } from '../database/statement.ts';
import { deadLetterStatements } from '../inbox/dead-letter-rows.ts';
import { envelopeStatements } from '../inbox/envelope-rows.ts';
import { countStatements } from '../inbox/inbox.ts';
import { dueJobs, eachPriority } from '../queue/due-jobs.ts';
import { runnerOn } from '../sqlite/sqlite-database.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { openTemporary } from '../temporary-folder.test-support.ts';
import { figureStatements } from './figures.ts';
import { deltaStatements } from './read-delta.ts';
import { snapshotStatements } from './read-snapshot.ts';
import { readStatements } from './reads.ts';

async function planner() {
  const { folder } = await openTemporary();
  const sqlite = new BetterSqlite3(join(folder, 'coach.db'), { readonly: true });
  onTestFinished(() => {
    sqlite.close();
  });
  const prepare = statementsFor(sqliteDialect);
  const plan = ({ sql }: { sql: string }) =>
    (
      sqlite.prepare(`explain query plan ${sql}`).all(
        ...sql
          .replace(/[^?]/g, '')
          .split('')
          .map(() => 1),
      ) as { detail: string }[]
    ).map(({ detail }) => detail);
  return { prepare, plan, run: runnerOn(sqlite) };
}

describe('a delta', () => {
  it('reads one range of each index in the order it lies, and nothing else', async () => {
    const { prepare, plan } = await planner();
    const { objects, aliases } = deltaStatements(prepare);
    expect(plan(objects)).toEqual(['SEARCH object USING INDEX object_by_rev (athlete_id=? AND rev>?)']);
    expect(plan(aliases)).toEqual(['SEARCH alias USING INDEX alias_by_rev (athlete_id=? AND rev>?)']);
  });
});

describe('no read on the way of a request', () => {
  it('scans a table or sorts rows', async () => {
    const { prepare, plan, run } = await planner();
    const reads = {
      ...snapshotStatements(prepare),
      ...readStatements(prepare),
      ...loadStatements(prepare),
      due: dueJobs(prepare, 'to take'),
      same: envelopeStatements(prepare).same,
      byLetter: deadLetterStatements(prepare).byId,
    };
    const costly = Object.entries(reads)
      .filter(([name]) => name !== 'epoch')
      .flatMap(([name, statement]) => plan(statement).map((detail) => `${name}: ${detail}`))
      .filter((line) => /SCAN|TEMP B-TREE/.test(line))
      // The list of tasks, a handful.
      .filter((line) => !line.includes('json_each'));
    expect(costly).toEqual([]);
    expect(run(eachPriority(prepare)())).toEqual([]);
  });

  it('looks through envelopes that wait by their own small index', async () => {
    const { prepare, plan } = await planner();
    expect(plan(envelopeStatements(prepare).oldestNew)).toEqual(['SCAN envelope USING INDEX envelope_new']);
    expect(plan(envelopeStatements(prepare).same)).toEqual([
      'SEARCH envelope USING INDEX envelope_once (plugin=? AND <expr>=? AND generation=? AND stream=? AND <expr>=? AND sha256=?)',
    ]);
  });
});

describe('how many letters are open', () => {
  it('is counted in their own index, without a look at a letter', async () => {
    const { prepare, plan } = await planner();
    const counted = ['SCAN dead_letter USING COVERING INDEX dead_letter_open'];
    expect(plan(countStatements(prepare).letterCount)).toEqual(counted);
    expect(plan(figureStatements(prepare).letters)).toEqual(counted);
  });
});

describe('the open questions of everybody', () => {
  it('are found with one seek an athlete', async () => {
    const { prepare, plan } = await planner();
    expect(plan(figureStatements(prepare).questions)).toEqual([
      expect.stringMatching(/^SCAN athlete/),
      expect.stringMatching(/^CORRELATED SCALAR SUBQUERY/),
      expect.stringMatching(/^SEARCH object USING INDEX object_by_\w+ \(athlete_id=\? AND kind=\?\)$/),
    ]);
  });
});
