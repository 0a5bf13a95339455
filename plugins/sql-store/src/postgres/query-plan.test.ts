/** No read on the way of a request scans a table of PostgreSQL or sorts its rows, whatever the size of the history. */
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { loadStatements } from '../change/load.ts';
import { objectById } from '../change/stored-object.ts';
import { statementsFor } from '../database/statement.ts';
import { envelopeStatements } from '../inbox/envelope-rows.ts';
import { plugin } from '../index.ts';
import { dueJobs } from '../queue/due-jobs.ts';
import { deltaStatements } from '../reads/read-delta.ts';
import { snapshotStatements } from '../reads/read-snapshot.ts';
import { readStatements } from '../reads/reads.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { newDatabase, serverUrl } from './own-databases.test-support.ts';
import { postgresDialect } from './postgres-dialect.ts';

const server = await serverUrl();
if (server === null) console.warn('skipped: query plans of PostgreSQL; there is none here.');

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

it.skipIf(server === null)('each walks an index in the order it lies', { timeout: 30_000 }, async () => {
  const { url, drop } = await newDatabase(server!);
  onTestFinished(drop);
  const { store, close } = await plugin.open(optionsFor(url));
  onTestFinished(close);
  await store.migrate();
  const client = new pg.Client(url);
  await client.connect();
  onTestFinished(() => client.end());
  const version = Number((await client.query('show server_version_num')).rows[0].server_version_num);
  // Plans without values came with version 16.
  if (version < 160_000) return console.warn(`skipped: query plans; PostgreSQL ${version} shows none without values.`);
  // The tables are empty: what the planner does when it has the choice is what it would do with a million rows.
  await client.query('set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off');
  const prepare = statementsFor(postgresDialect);
  const { epoch: _epoch, ...reads } = readStatements(prepare);
  const statements = {
    ...deltaStatements(prepare),
    ...snapshotStatements(prepare),
    ...reads,
    ...loadStatements(prepare),
    byId: objectById(prepare),
    due: dueJobs(prepare, 'to take'),
    same: envelopeStatements(prepare).same,
    oldestNew: envelopeStatements(prepare).oldestNew,
  };
  const costly: string[] = [];
  for (const [name, { sql }] of Object.entries(statements)) {
    const { rows } = await client.query(`explain (generic_plan, format json) ${sql}`);
    const plan = rows[0]['QUERY PLAN'][0].Plan as Plan;
    for (const node of nodesOf(plan)) {
      const type = node['Node Type'];
      // The server's one row, and the list of tasks.
      if (type === 'Seq Scan' && node['Relation Name'] !== 'server')
        costly.push(`${name}: ${type} of ${node['Relation Name']}`);
      if (type.includes('Sort')) costly.push(`${name}: ${type}`);
    }
  }
  expect(costly).toEqual([]);
  const { rows } = await client.query(`explain (generic_plan, format json) ${deltaStatements(prepare).objects.sql}`);
  expect(nodesOf(rows[0]['QUERY PLAN'][0].Plan).map((node) => node['Index Name'] ?? node['Node Type'])).toEqual([
    'Limit',
    'object_by_rev',
  ]);
});
