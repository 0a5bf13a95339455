/**
 * Defects of sync code that lost people data elsewhere, each put into ours, and a seed that notices it: `breaks` is the
 * invariant that fails first. `find` occurs once in its file. Where the code has changed so that one does not fit any
 * more, it is written anew; a seed that no longer notices one is looked for with `npm run sim`.
 */
export const DEFECTS = [
  {
    name: 'the cursor is stored before the rows it stands for',
    seed: 76,
    breaks: 'I4 ',
    file: 'mobile-sdk/src/sync/run.ts',
    find: '  const applied = await deps.local.write(async (tx) => {',
    replace: `  const page = answer.body.pull;
  await deps.local.write(async ({ sql }) => {
    if (!page || page.mode === 'none') return;
    await sql.run("INSERT OR REPLACE INTO meta VALUES ('cursor', json_quote(?))", [page.cursor]);
  });
  const applied = await deps.local.write(async (tx) => {`,
  },
  {
    name: 'what was acknowledged leaves the queue before the answer is applied',
    seed: 3,
    breaks: 'I4 ',
    file: 'mobile-sdk/src/sync/run.ts',
    find: '  const applied = await deps.local.write(async (tx) => {',
    replace: `  await deps.local.write(async ({ sql }) => {
    await sql.run('DELETE FROM outbox WHERE seq <= ?', [answer.body.push?.ackSeq ?? 0]);
  });
  const applied = await deps.local.write(async (tx) => {`,
  },
  {
    name: 'a token that has ended empties the queue',
    seed: 1,
    breaks: 'I4 ',
    file: 'mobile-sdk/src/sync/run.ts',
    find: "    case 'fresh_token':\n",
    replace: "    case 'fresh_token':\n      await deps.local.write(({ sql }) => sql.exec('DELETE FROM outbox'));\n",
  },
  {
    name: 'the cursor of a page is the head and not its last row',
    seed: 4,
    breaks: 'I9 ',
    file: 'core/src/sync/pull.ts',
    find: 'rev: last?.rev ?? asked.rev',
    replace: 'rev: read.athlete.rev',
  },
  {
    name: 'deleted objects are left out of a delta',
    seed: 5,
    breaks: 'I4 ',
    file: 'core/src/sync/pull.ts',
    find: '  for (const row of rows) {\n',
    replace: '  for (const row of rows) {\n    if (row.deleted) continue;\n',
  },
  {
    name: 'what is acknowledged is not kept for a hub that is restored',
    seed: 10,
    breaks: 'I1 ',
    file: 'mobile-sdk/src/sync/apply-answer.ts',
    find: '  await moveToJournal(tx, done, meta.clientId, nowMs);\n',
    replace:
      "  await tx.sql.run('DELETE FROM outbox WHERE mid IN (SELECT value FROM json_each(?))', [JSON.stringify(done)]);\n",
  },
  {
    name: 'an entry that is on its way takes in a later edit',
    seed: 4,
    breaks: 'I2 ',
    file: 'mobile-sdk/src/local/fold.ts',
    find: 'return entry.body.id !== undefined;',
    replace: 'return entry.pos < 0;',
  },
  {
    name: 'the edit that arrives last wins',
    seed: 33,
    breaks: 'I7 ',
    file: 'core/src/ledger/stamp.ts',
    find: 'return compareStamps(a.stamp, b.stamp) || (a.clientId < b.clientId ? -1 : a.clientId > b.clientId ? 1 : 0);',
    replace: 'return a === b ? 0 : -1;',
  },
  {
    name: 'what left the window by the passing of days is not said',
    seed: 32,
    breaks: 'I9 ',
    file: 'core/src/sync/pull.ts',
    find: 'const left = await movedRows(store, athleteId, leftBy(old, now));',
    replace: 'const left: DeltaRow[] = [];',
  },
  {
    name: 'a restored hub gets only what is above the seq it names',
    seed: 10,
    breaks: 'I1 ',
    file: 'mobile-sdk/src/sync/recover.ts',
    find: 'await requeueJournal(tx, meta, 0);',
    replace: 'await requeueJournal(tx, meta, ackSeq + 1);',
  },
  {
    name: 'the phone goes on with a cursor from before the restore',
    seed: 10,
    breaks: 'I4 ',
    file: 'core/src/sync/pull.ts',
    find: 'cursor.epoch !== epochOf(read.serverEpoch, read.athlete.epochN) || cursor.rev > read.athlete.rev',
    replace: 'cursor.rev > 1e9',
  },
  {
    name: 'a mid that was processed before is processed again',
    seed: 1,
    breaks: 'I10 ',
    file: 'core/src/sync/push.ts',
    find: 'const known = seen.get(mutation.mid);',
    replace: "const known = seen.get('again ' + mutation.mid);",
  },
  {
    name: 'that two ids became one is not heard',
    seed: 2,
    breaks: 'I4 ',
    file: 'mobile-sdk/src/sync/apply-answer.ts',
    find: "  for (const change of changes) if (change.op === 'alias') await follow(change, change.to);\n",
    replace: '',
  },
  {
    name: 'a plan that is made anew reaches for the past',
    seed: 1,
    breaks: 'I8 ',
    file: 'core/src/ledger/apply-plan.ts',
    find: 'const earliest = isTodayBegun(change, held, today) ? addDays(today, 1) : today;',
    replace: "const earliest = '2000-01-01';",
  },
  {
    name: 'a workout that was done goes with the plan it was of',
    seed: 26,
    breaks: 'I8 ',
    file: 'core/src/ledger/completions.ts',
    find: 'return standing.completions.length > 0 || !(standing.withdrawn || standing.displaced);',
    replace: 'return !(standing.withdrawn || standing.displaced);',
  },
  {
    name: 'what a restored hub calls durable is let go at once',
    seed: 385,
    breaks: 'I1 ',
    file: 'mobile-sdk/src/sync/apply-answer.ts',
    find: 'if (push && page?.reason === undefined) await trimJournal',
    replace: 'if (push) await trimJournal',
  },
];
