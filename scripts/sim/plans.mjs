/** I8: a plan that is made anew changes nothing that was done, and nothing that lies before it. */

/** What an athlete has of logs and plan, by `kind/id`, as people see it. */
export function pastOf(all, athleteId) {
  const rows = all(
    "select kind, id, rev, day, deleted, data from object where athlete_id = ? and kind in ('activity', 'completion', 'planned_workout')",
    athleteId,
  );
  return new Map(rows.map((row) => [`${row.kind}/${row.id}`, row]));
}

/** @returns what a plan made on the day `today` altered and must not. */
export function frozenBy(before, after, today) {
  const altered = [];
  for (const [key, row] of before) {
    const isPlan = row.kind === 'planned_workout';
    const isPast = row.day !== null && row.day < today;
    const isDone = isPlan && !row.deleted && JSON.parse(row.data).completedBy !== undefined;
    if (isPlan && !isPast && !isDone) continue;
    const now = after.get(key);
    if (JSON.stringify(now) !== JSON.stringify(row))
      altered.push(
        `I8 the plan of ${today} altered ${key} of ${row.day}: ${JSON.stringify(row)} is ${JSON.stringify(now)}`,
      );
  }
  for (const [key, row] of after) {
    if (row.kind === 'planned_workout' && !before.has(key) && !row.deleted && row.day < today)
      altered.push(`I8 the plan of ${today} added ${key} of ${row.day}`);
  }
  return altered;
}
