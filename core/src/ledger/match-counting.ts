/**
 * Which of several groups counts while it is not sure that they are different things: load and distance of one run must
 * be there once, neither twice nor not at all. Pure.
 */

export interface CountingInput {
  /** Groups, the best first. */
  ordered: readonly string[];
  /** Pairs of groups of which at most one counts. */
  conflicts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Part → the longer groups that contain it: those go first, whichever is better. */
  wholes: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The groups that do not count. A group counts unless one it is in conflict with does; the wholes of a part and the better
 * ones of a pair are decided first. So of each set of conflicts at least one counts, and never two of one pair.
 */
export function notCountedGroups({ ordered, conflicts, wholes }: CountingInput): Set<string> {
  const place = new Map(ordered.map((group, at) => [group, at]));
  const placeOf = (group: string) => place.get(group) ?? ordered.length;
  const counts = new Map<string, boolean>();

  /** `waiting` holds those whose decision asked for this one: doubts can go round in a circle. */
  function decide(group: string, waiting: ReadonlySet<string>): void {
    if (counts.has(group) || waiting.has(group)) return;
    const against = [...(conflicts.get(group) ?? [])].sort((a, b) => placeOf(a) - placeOf(b));
    const isFirst = (other: string) =>
      wholes.get(group)?.has(other) || (!wholes.get(other)?.has(group) && placeOf(other) < placeOf(group));
    for (const other of against) if (isFirst(other)) decide(other, new Set([...waiting, group]));
    counts.set(group, !against.some((other) => counts.get(other)));
  }

  for (const group of ordered) decide(group, new Set());
  return new Set(ordered.filter((group) => counts.get(group) === false));
}
