/**
 * Match: from all records of an athlete around a time to the activities they are. A pure function of the records, so
 * order of arrival cannot matter.
 *
 * Duplicates form connected components. A component that holds a "separate" pair, or two sessions of one outing, is
 * not joined but asked about. A log without a start time is attached to the one component of its day that fits.
 */
import { notCountedGroups } from './match-counting.ts';
import { decideAttach, decidePair, type MatchRecord, type PairDecision } from './match-pair.ts';
import { type DeletedWords, isMadeAfter, tombstoneOf } from './match-tombstones.ts';

/** Records that start further apart than this cannot meet: it covers every time zone, and what runs through a night. */
export const REACH_MS = 16 * 3_600_000;

export interface MatchInput {
  /** Best record first within equal conditions: `priority(key)` smaller is better. */
  records: MatchRecord[];
  /** Smaller is better; decides which of two counts while a question is open. */
  priority: (key: string) => number;
  /** The athlete's offset from UTC at an instant, s; null when not known. */
  utcOffsetS: (epochMs: number) => number | null;
  /** Pairs an athlete said are not the same, as `a\nb` with a < b. */
  notSame: ReadonlySet<string>;
  /** Pairs an athlete said are the same. */
  same: ReadonlySet<string>;
  /** Step 0: identities of what we sent out ourselves; such a record is no activity of its own. */
  ownWrites: ReadonlySet<string>;
  words: DeletedWords;
}

export interface MatchQuestion {
  code: 'same_activity' | 'same_time_other_sport' | 'time_zone_shift' | 'which_activity' | 'conflicting_match';
  /** Keys of one record per side, in key order. */
  records: string[];
  step: number;
}

export interface MatchResult {
  /** Keys of the records of each activity, in key order; components in order of their first key. */
  components: string[][];
  questions: MatchQuestion[];
  /** Part record → the record of the longer activity that contains it. */
  containedIn: Map<string, string>;
  /** Records that do not count while a question is open or a longer one contains them. */
  notCounted: Set<string>;
  /** Part record → key of the split group it forms with others: together they cover the whole. */
  splitGroup: Map<string, string>;
  /** Step 0: records that are our own write coming back. */
  ownWrites: Set<string>;
}

export function pairKey(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`;
}

class Union {
  readonly #parent = new Map<string, string>();

  find(key: string): string {
    let root = key;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    return root;
  }

  join(a: string, b: string): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA !== rootB) this.#parent.set(rootA < rootB ? rootB : rootA, rootA < rootB ? rootA : rootB);
  }
}

interface Edge {
  a: MatchRecord;
  b: MatchRecord;
  pair: PairDecision;
}

function edgesOf(timed: MatchRecord[], input: MatchInput): Edge[] {
  const edges: Edge[] = [];
  const ordered = [...timed].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0) || (a.key < b.key ? -1 : 1));
  for (const [index, a] of ordered.entries()) {
    for (let next = index + 1; next < ordered.length; next++) {
      const b = ordered[next] as MatchRecord;
      if ((b.startMs ?? 0) - (a.startMs ?? 0) > REACH_MS) break;
      if (input.notSame.has(pairKey(a.key, b.key))) {
        edges.push({ a, b, pair: { decision: 'separate', step: 0 } });
        continue;
      }
      if (input.same.has(pairKey(a.key, b.key))) {
        edges.push({ a, b, pair: { decision: 'duplicate', step: 0 } });
        continue;
      }
      edges.push({ a, b, pair: decidePair(a, b, () => input.utcOffsetS(a.startMs ?? 0)) });
    }
  }
  return edges;
}

function joins({ pair }: Edge): boolean {
  return pair.decision === 'duplicate' || pair.decision === 'update';
}

function joinedBy(edges: Edge[]): Union {
  const union = new Union();
  for (const edge of edges) if (joins(edge)) union.join(edge.a.key, edge.b.key);
  return union;
}

/** Without what would join a record that the athlete made after deleting the rest to that rest. */
function withoutTombs(timed: MatchRecord[], edges: Edge[], { words }: MatchInput): Edge[] {
  const union = joinedBy(edges);
  const groups = new Map<string, MatchRecord[]>();
  for (const record of timed) {
    const root = union.find(record.key);
    groups.set(root, [...(groups.get(root) ?? []), record]);
  }
  const later = new Set<string>();
  for (const group of groups.values()) {
    const tombstone = tombstoneOf(group, words);
    for (const record of group) if (isMadeAfter(record, tombstone, words)) later.add(record.key);
  }
  const crosses = ({ a, b }: Edge) => union.find(a.key) === union.find(b.key) && later.has(a.key) !== later.has(b.key);
  return later.size === 0 ? edges : edges.filter((edge) => !crosses(edge));
}

/** Groups of keys by component root, blocked ones taken apart again. */
function componentsOf(timed: MatchRecord[], edges: Edge[], questions: MatchQuestion[]): Map<string, MatchRecord[]> {
  const union = joinedBy(edges);
  const blocked = new Set<string>();
  for (const { a, b, pair } of edges) {
    const root = union.find(a.key);
    if (pair.decision === 'separate' && root === union.find(b.key)) blocked.add(root);
  }
  const groups = new Map<string, MatchRecord[]>();
  for (const record of timed) {
    const root = union.find(record.key);
    const group = blocked.has(root) ? record.key : root;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  for (const root of blocked) {
    const records = timed.filter((record) => union.find(record.key) === root).map((record) => record.key);
    questions.push({ code: 'conflicting_match', records: records.sort(), step: 4 });
  }
  return groups;
}

/** Whether `a` is the better record of two; equal ones by key, so that every order agrees. */
function goesBefore({ priority }: MatchInput, a: string, b: string): boolean {
  const difference = priority(a) - priority(b);
  return difference < 0 || (difference === 0 && a < b);
}

/** Whether the athlete said of any record of one group that it is not the same as one of the other. */
function isApart({ notSame }: MatchInput, a: readonly MatchRecord[], b: readonly MatchRecord[]): boolean {
  return notSame.size > 0 && a.some((one) => b.some((other) => notSame.has(pairKey(one.key, other.key))));
}

/** The record that decides where its group stands among others. */
function bestOf(input: MatchInput, group: MatchRecord[]): MatchRecord {
  return group.reduce((a, b) => (goesBefore(input, b.key, a.key) ? b : a));
}

function closenessScore(log: MatchRecord, timed: MatchRecord): number {
  const ratio = (a: number | null, b: number | null) =>
    a === null || b === null || Math.max(a, b) <= 0 ? 0.9 : Math.min(a, b) / Math.max(a, b);
  return ratio(log.distanceM, timed.distanceM) + ratio(log.elapsedS, timed.elapsedS);
}

/**
 * Step 3 over a day: each log to the one group that fits; a group takes one log, the closest.
 *
 * @returns pairs of keys that may be one thing and were not joined.
 */
function attachLogs(
  logs: MatchRecord[],
  groups: Map<string, MatchRecord[]>,
  input: MatchInput,
  questions: MatchQuestion[],
): [log: string, timed: string][] {
  const doubts: [string, string][] = [];
  const wishes: { log: MatchRecord; groupKey: string; score: number }[] = [];
  for (const log of logs) {
    const candidates = [...groups]
      .filter(([, group]) => group[0]?.startMs !== null)
      .filter(([, group]) => !isMadeAfter(log, tombstoneOf(group, input.words), input.words))
      .map(([groupKey, group]) => ({ groupKey, timed: bestOf(input, group) }))
      .filter(({ groupKey }) => !isApart(input, [log], groups.get(groupKey) ?? []));
    const said = candidates.filter(({ groupKey }) =>
      (groups.get(groupKey) ?? []).some((record) => input.same.has(pairKey(log.key, record.key))),
    );
    const fitting =
      said.length > 0 ? said : candidates.filter(({ timed }) => decideAttach(log, timed).decision === 'attach');
    const only = fitting[0];
    if (fitting.length === 1 && only !== undefined) {
      wishes.push({ log, groupKey: only.groupKey, score: closenessScore(log, only.timed) });
    } else if (fitting.length > 1) {
      for (const { timed } of fitting) doubts.push([log.key, timed.key]);
      questions.push({
        code: 'which_activity',
        records: [log.key, ...fitting.map(({ timed }) => timed.key)].sort(),
        step: 3,
      });
    }
  }
  wishes.sort((a, b) => b.score - a.score || (a.log.key < b.log.key ? -1 : 1));
  const taken = new Set<string>();
  for (const { log, groupKey } of wishes) {
    const group = groups.get(groupKey) ?? [];
    if (taken.has(groupKey)) {
      const timed = bestOf(input, group);
      doubts.push([log.key, timed.key]);
      questions.push({ code: 'same_activity', records: [log.key, timed.key].sort(), step: 3 });
      continue;
    }
    taken.add(groupKey);
    groups.set(groupKey, [...group, log]);
  }
  const attached = new Set([...groups.values()].flat().map((record) => record.key));
  for (const log of logs) if (!attached.has(log.key)) groups.set(log.key, [log]);
  return doubts;
}

/** Parts of one provider that together cover at least 90 % of the whole. */
function splitGroups(parts: Map<string, Edge[]>): Map<string, string> {
  const split = new Map<string, string>();
  for (const [wholeKey, edges] of parts) {
    const byProvider = new Map<string, MatchRecord[]>();
    for (const { a, b } of edges) {
      const part = a.key === wholeKey ? b : a;
      byProvider.set(part.provider, [...(byProvider.get(part.provider) ?? []), part]);
    }
    const whole = edges[0]?.a.key === wholeKey ? edges[0].a : edges[0]?.b;
    for (const records of byProvider.values()) {
      const coveredS = records.reduce((sum, record) => sum + (record.elapsedS ?? 0), 0);
      if (records.length < 2 || whole === undefined || coveredS < 0.9 * (whole.elapsedS ?? 0)) continue;
      for (const record of records) split.set(record.key, `split:${wholeKey}`);
    }
  }
  return split;
}

/** One question for everything that doubts connect: ten copies of a run are one thing to decide, not forty-five. */
function reviewQuestions(doubtful: Edge[], groupOf: Map<string, string>): MatchQuestion[] {
  const union = new Union();
  const group = (key: string) => groupOf.get(key) ?? key;
  for (const { a, b } of doubtful) union.join(group(a.key), group(b.key));
  const sets = new Map<string, { records: Map<string, string>; codes: Set<string>; step: number }>();
  for (const { a, b, pair } of doubtful) {
    const root = union.find(group(a.key));
    const set = sets.get(root) ?? { records: new Map(), codes: new Set(), step: pair.step };
    for (const { key } of [a, b]) {
      const known = set.records.get(group(key));
      if (known === undefined || key < known) set.records.set(group(key), key);
    }
    set.codes.add(pair.code ?? 'same_activity');
    set.step = Math.min(set.step, pair.step);
    sets.set(root, set);
  }
  return [...sets.values()].map(({ records, codes, step }) => ({
    code: (codes.size === 1 ? [...codes][0] : 'same_activity') as MatchQuestion['code'],
    records: [...records.values()].sort(),
    step,
  }));
}

export function match(input: MatchInput): MatchResult {
  const ownWrites = new Set(
    input.records
      .filter((record) => record.identities.some((id) => input.ownWrites.has(id)))
      .map((record) => record.key),
  );
  const records = input.records.filter((record) => !ownWrites.has(record.key));
  const timed = records.filter((record) => record.startMs !== null);
  const logs = records.filter((record) => record.startMs === null).sort((a, b) => (a.key < b.key ? -1 : 1));
  const questions: MatchQuestion[] = [];
  const edges = withoutTombs(timed, edgesOf(timed, input), input);
  const groups = componentsOf(timed, edges, questions);
  const doubts = attachLogs(logs, groups, input, questions);

  const groupOf = new Map<string, string>();
  for (const [groupKey, group] of groups) for (const record of group) groupOf.set(record.key, groupKey);
  const group = (key: string) => groupOf.get(key) ?? key;
  const dead = new Set([...groups].flatMap(([key, members]) => (tombstoneOf(members, input.words) ? [key] : [])));
  const conflicts = new Map<string, Set<string>>();
  const wholes = new Map<string, Set<string>>();
  const note = (table: Map<string, Set<string>>, a: string, b: string) =>
    table.set(group(a), (table.get(group(a)) ?? new Set()).add(group(b)));
  const conflict = (a: string, b: string) => {
    if (dead.has(group(a)) || dead.has(group(b))) return;
    note(conflicts, a, b);
    note(conflicts, b, a);
  };
  for (const [log, timedKey] of doubts) conflict(log, timedKey);

  const containedIn = new Map<string, string>();
  const parts = new Map<string, Edge[]>();
  const doubtful: Edge[] = [];
  for (const edge of edges) {
    const { a, b, pair } = edge;
    // Nobody is asked about what the athlete deleted, and it takes nothing away from what is there.
    if (group(a.key) === group(b.key) || dead.has(group(a.key)) || dead.has(group(b.key))) continue;
    if (isApart(input, groups.get(group(a.key)) ?? [], groups.get(group(b.key)) ?? [])) continue;
    if (pair.decision === 'review') doubtful.push(edge);
    if (pair.decision === 'contained' && pair.wholeKey !== undefined) {
      const part = pair.wholeKey === a.key ? b : a;
      containedIn.set(part.key, pair.wholeKey);
      parts.set(pair.wholeKey, [...(parts.get(pair.wholeKey) ?? []), edge]);
      note(wholes, part.key, pair.wholeKey);
    }
    if (pair.decision !== 'separate') conflict(a.key, b.key);
  }
  const best = new Map([...conflicts.keys()].map((key) => [key, bestOf(input, groups.get(key) ?? []).key]));
  const ordered = [...best].sort(([, a], [, b]) => (goesBefore(input, a, b) ? -1 : 1)).map(([key]) => key);
  const notCounted = new Set(
    [...notCountedGroups({ ordered, conflicts, wholes })].flatMap((key) =>
      (groups.get(key) ?? []).map((record) => record.key),
    ),
  );
  questions.push(...reviewQuestions(doubtful, groupOf));
  const components = [...groups.values()]
    .map((group) => group.map((record) => record.key).sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  return { components, questions, containedIn, notCounted, splitGroup: splitGroups(parts), ownWrites };
}
