/** What the athlete said about which records are one activity: answers to questions, and pairs they told apart. Pure. */
import { pairKey } from './match.ts';
import type { ObjectState } from './object-state.ts';
import { answerOf, askedOf } from './questions.ts';
import { athleteRecordKey, recordKeyOf } from './record.ts';
import type { World } from './world.ts';

export interface SaidApart {
  /** Pairs of record keys, as `pairKey` writes them. */
  same: Set<string>;
  notSame: Set<string>;
}

interface SourceName {
  provider: string;
  externalId: string;
  part?: number;
}

function keyOf({ provider, externalId, part }: SourceName): string {
  return provider === 'athlete'
    ? athleteRecordKey('activity', externalId)
    : recordKeyOf({ kind: 'activity', provider, externalId, part: part ?? 0 });
}

/** Every pair among the records. */
function pairs(records: readonly string[]): string[] {
  return records.flatMap((a, at) => records.slice(at + 1).map((b) => pairKey(a, b)));
}

/** Record an id was founded by: answers name activities by id. */
function recordOfId(world: World, id: string): string | null {
  for (const object of world.objects.values()) {
    const anchor = object.kind === 'activity' ? object.state.anchors[id] : undefined;
    if (anchor !== undefined) return anchor.record;
  }
  return null;
}

/** The log is the one of the records that has no start; the answer names the activity it belongs to. */
function whichActivity(world: World, said: SaidApart, records: string[], answer: string): void {
  const chosen = answer === 'separate' ? null : recordOfId(world, answer);
  const logs = records.filter((record) => record.startsWith('activity|athlete|'));
  const log = logs.find((record) => record !== chosen) ?? records[0];
  if (log === undefined) return;
  for (const record of records) {
    if (record === log) continue;
    if (record === chosen) said.same.add(pairKey(log, record));
    else said.notSame.add(pairKey(log, record));
  }
}

/**
 * Of each id by itself: the sources that are not what it was founded by. The ids of a joined activity keep what was said
 * under them, and it goes with their record.
 */
function pairsApart(state: ObjectState): string[] {
  return Object.entries(state.layers).flatMap(([id, { typed }]) => {
    const value = typed.notSame?.value;
    if (!Array.isArray(value)) return [];
    const founder = state.anchors[id]?.record ?? athleteRecordKey('activity', id);
    return (value as unknown as SourceName[]).map((source) => pairKey(founder, keyOf(source)));
  });
}

/** Everything said so far in the part of the timeline that is loaded. What was told apart goes before "the same". */
export function saidApart(world: World): SaidApart {
  const said: SaidApart = { same: new Set(), notSame: new Set() };
  for (const { kind, state } of world.objects.values()) {
    if (kind === 'question') {
      const answer = answerOf(state);
      const asked = answer === null ? null : askedOf(state);
      if (answer === null || asked === null) continue;
      if (asked.code === 'which_activity') whichActivity(world, said, asked.records, answer);
      else if (answer === 'same') for (const pair of pairs(asked.records)) said.same.add(pair);
      else if (answer === 'not_same') for (const pair of pairs(asked.records)) said.notSame.add(pair);
    } else if (kind === 'activity') {
      for (const pair of pairsApart(state)) said.notSame.add(pair);
    }
  }
  for (const pair of said.notSame) said.same.delete(pair);
  return said;
}
