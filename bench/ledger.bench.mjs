import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openBenchHub } from './support/open-hub.mjs';

const TRANSACTIONS = 300;
const NOTES = 'Easy along the river, a little wind on the way back; the last two kilometres faster.';

/** Reads a row, changes it, writes it back, in a transaction on disk: what any store must do at least. */
function bareRow(folder, text) {
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE object (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, data TEXT NOT NULL)');
  db.prepare('INSERT INTO object VALUES (?, 1, ?)').run('act_1', text);
  const read = db.prepare('SELECT rev, data FROM object WHERE id = ?');
  const write = db.prepare('UPDATE object SET rev = ?, data = ? WHERE id = ?');
  const change = db.transaction((rpe) => {
    const row = read.get('act_1');
    write.run(row.rev + 1, JSON.stringify({ ...JSON.parse(row.data), rpe }), 'act_1');
  });
  return { change: (rpe) => change.immediate(rpe), close: () => db.close() };
}

export default {
  name: 'ledger transactions, one at a time, against bare read + write of the same row',
  unit: 'tx/s',
  better: 'higher',
  aim: 0.3,
  async setup() {
    const folder = mkdtempSync(join(tmpdir(), 'coach-bench-row-'));
    const { hub, close } = await openBenchHub();
    const athleteId = 'athlete';
    await hub.athletes.ensure(athleteId);
    const caller = { athleteId, clientId: 'phone-1', schemaVersion: 1 };
    const { epoch } = await hub.sync.head(athleteId);
    const set = {
      sport: 'run',
      startedAt: '2026-05-02T06:00:00.000Z',
      distanceM: 10_000,
      elapsedS: 3_600,
      rpe: 5,
      notes: NOTES,
    };
    let n = 0;
    const mutation = (op, fields) => ({
      mid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      stamp: `${1_777_800_000_000 + n++}:0000`,
      kind: 'activity',
      id: 'act_1',
      op,
      set: fields,
    });
    await hub.sync.push(caller, { epoch, batch: [mutation('put', set)] });
    const stored = await hub.objects.get(athleteId, 'activity', 'act_1');
    const bare = bareRow(folder, JSON.stringify(stored.data));
    const rate = (startedAtMs) => TRANSACTIONS / ((performance.now() - startedAtMs) / 1_000);
    return {
      /** A patch of one field: found, joined, resolved, given a rev, answered, remembered. */
      async ours() {
        const startedAtMs = performance.now();
        for (let each = 0; each < TRANSACTIONS; each++) {
          await hub.sync.push(caller, { epoch, batch: [mutation('patch', { rpe: 1 + (n % 9) })] });
        }
        return rate(startedAtMs);
      },
      baseline() {
        const startedAtMs = performance.now();
        for (let each = 0; each < TRANSACTIONS; each++) bare.change(1 + (each % 9));
        return rate(startedAtMs);
      },
      async close() {
        await close();
        bare.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
