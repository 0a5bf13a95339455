import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PushInput } from '../sync/push.ts';
import { push } from '../sync/push.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Mutation } from '../wire/sync.ts';
import { applyClaims } from './apply-claims.ts';
import { claim, run, stamp } from './claim.test-support.ts';
import type { Claim } from './claim.ts';
import { notCountedGroups } from './match-counting.ts';
import { type MemoryStore, memoryStore } from './memory-store.test-support.ts';

/** An athlete's activities, told one thing after the other. */
function timeline() {
  const store = memoryStore('UTC');
  let made = 0;
  const context = { newId: (kind: string) => `${kind}_${made++}` };
  return {
    store,
    add: (each: Claim) =>
      applyClaims(store as never, { athleteId: 'a', claims: [each], generations: [], envelopesDone: [] }, context),
    say(minutes: number, mutation: Pick<Mutation, 'op' | 'id' | 'set'>) {
      const batch = [{ mid: `m${made++}`, stamp: stamp(minutes), kind: 'activity' as const, ...mutation }];
      const input: PushInput = {
        athleteId: 'a',
        clientId: 'phone',
        schemaVersion: 1,
        request: { epoch: null, batch },
        nowMs: Date.parse('2026-05-03T00:00:00Z'),
      };
      return push(store as never, input, context);
    },
  };
}

/** Activities that are there: distance and whether it counts. */
function shown({ stored }: MemoryStore): string[] {
  return [...stored.values()]
    .filter(({ kind, deleted }) => kind === 'activity' && !deleted)
    .map(({ data }) => JSON.parse(data) as JsonObject)
    .map(({ distanceM, counted }) => `${distanceM} ${counted ? 'counts' : 'does not'}`)
    .sort();
}
const questions = ({ stored }: MemoryStore) =>
  [...stored.values()].filter(({ kind, deleted }) => kind === 'question' && !deleted).length;

function permutations<T>(values: T[]): T[][] {
  if (values.length < 2) return [values];
  return values.flatMap((value, at) => permutations(values.toSpliced(at, 1)).map((rest) => [value, ...rest]));
}

const from = (provider: string, fields: JsonObject, more: Partial<Claim> = {}) =>
  claim(run(fields), { provider, connectionId: provider, externalId: provider, ...more });

describe('a run that may be another one', () => {
  it('counts by the better source, whenever it is known that it is the better one', async () => {
    const quality = { coverageS: 3_600, samples: 3_600, heartRateSource: null, altitudeSource: null };
    const order = (receipt: number) => ({ vendorVersion: 0, supersession: 0, receipt, mappingVersion: 1 });
    const told = [
      from('watch', {}, { form: 'summary', order: order(1) }),
      from('other', { distanceM: 8_000 }, { form: 'summary', order: order(2) }),
      from('other', { distanceM: 8_000 }, { form: 'details', order: order(3), quality }),
    ];
    for (const order of permutations(told)) {
      const { store, add } = timeline();
      for (const each of order) await add(each);
      expect(shown(store)).toEqual(['10000 does not', '8000 counts']);
    }
  });

  it('takes nothing away from another when the athlete deletes it', async () => {
    const { store, add, say } = timeline();
    await add(from('watch', {}));
    await add(from('other', { distanceM: 8_000 }));
    const better = [...store.stored.values()].find(({ data }) => data.includes('10000'))!;
    await say(1, { op: 'delete', id: better.id });
    expect(shown(store)).toEqual(['8000 counts']);
    expect(questions(store)).toBe(0);
    await add(from('third', { distanceM: 6_500 }));
    expect(shown(store).filter((line) => line.endsWith('counts'))).toHaveLength(1);
  });

  it('counts alone where a log fits two runs, and where a second log fits one', async () => {
    const two = timeline();
    await two.add(from('watch', {}));
    await two.add(from('later', { startedAt: '2026-05-02T16:00:00.000Z' }));
    await two.say(0, { op: 'put', id: 'log', set: { sport: 'run', day: '2026-05-02', distanceM: 10_100 } });
    expect(shown(two.store)).toEqual(['10000 counts', '10000 counts', '10100 does not']);
    const one = timeline();
    await one.add(from('watch', {}));
    await one.say(0, { op: 'put', id: 'near', set: { sport: 'run', day: '2026-05-02', distanceM: 10_000 } });
    await one.say(1, { op: 'put', id: 'far', set: { sport: 'run', day: '2026-05-02', distanceM: 9_000 } });
    expect(shown(one.store)).toEqual(['10000 counts', '9000 does not']);
  });
});

describe('what the athlete deleted', () => {
  const wrong = from('watch', { distanceM: 2_000 });
  const log = { sport: 'run', day: '2026-05-02', distanceM: 2_000, notes: 'by hand' };

  it('stays deleted when another source sends a copy', async () => {
    const { store, add, say } = timeline();
    await add(wrong);
    await say(1, { op: 'delete', id: 'activity_0' });
    await add(from('copy', { distanceM: 2_000 }));
    expect(shown(store)).toEqual([]);
  });

  it.each([
    ['without a start', log],
    ['with a start', { ...log, startedAt: run().startedAt!, elapsedS: 3_600 }],
  ])('does not swallow a log made afterwards, %s, in any order of arrival', async (_, set) => {
    for (const late of [false, true]) {
      const { store, add, say } = timeline();
      if (late) await say(2, { op: 'put', id: 'mine', set });
      await add(wrong);
      const id = [...store.stored.values()].find(({ data }) => data.includes('stride') || data.includes('watch'))!.id;
      // Told of the watch's own id; where the log came first that leads to the log's object.
      await say(1, { op: 'delete', id: late ? ([...store.aliases.keys()][0]?.split('/')[1] ?? id) : id });
      if (!late) await say(2, { op: 'put', id: 'mine', set });
      expect(shown(store)).toEqual(['2000 counts']);
    }
  });

  it('takes a log that was made before with it, and the phone is told', async () => {
    const { store, add, say } = timeline();
    await add(wrong);
    await say(5, { op: 'delete', id: 'activity_0' });
    store.knownRev = store.rev();
    const rev = store.rev();
    const answer = await say(2, { op: 'put', id: 'mine', set: log });
    expect(shown(store)).toEqual([]);
    expect(answer.results[0]).toMatchObject({ status: 'applied', aliasOf: 'activity_0' });
    // The alias and the tombstone it leads to: a phone may never have heard of that object.
    expect(store.rev()).toBe(rev + 2);
    expect(store.stored.get('activity/activity_0')).toMatchObject({ deleted: true, rev: rev + 2 });
  });

  it('is no id like those that every object has', async () => {
    const { store, say } = timeline();
    for (const id of ['__proto__', 'constructor', 'toString']) {
      const { results } = await say(0, { op: 'put', id, set: log });
      expect(results[0]).toMatchObject({ status: 'rejected', code: 'invalid_value' });
    }
    const set = JSON.parse('{"sport":"run","__proto__":1,"toString":2}');
    const { results } = await say(0, { op: 'put', id: 'mine', set });
    expect(results[0]).toMatchObject({ status: 'merged', fields: { toString: 'unknown_field' } });
    expect(store.stored.size).toBe(1);
  });
});

describe('of groups in conflict', () => {
  it('at least one counts beside each that does not, and never two of a pair', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.array(pair), fc.array(pair), (doubts, parts) => {
        const conflicts = new Map(names.map((name) => [name, new Set<string>()]));
        for (const [a, b] of [...doubts, ...parts]) {
          conflicts.get(a)!.add(b);
          conflicts.get(b)!.add(a);
        }
        const wholes = new Map(names.map((name) => [name, new Set<string>()]));
        for (const [part, whole] of parts) wholes.get(part)!.add(whole);
        const out = notCountedGroups({ ordered: names, conflicts, wholes });
        for (const name of names) {
          const counting = [...conflicts.get(name)!].filter((other) => !out.has(other));
          expect(counting.length > 0).toBe(out.has(name));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('the whole counts before its part, and the better of two in doubt', () => {
    const conflicts = new Map([
      ['part', new Set(['whole'])],
      ['whole', new Set(['part'])],
    ]);
    expect([...notCountedGroups({ ordered: ['part', 'whole'], conflicts, wholes: new Map() })]).toEqual(['whole']);
    const wholes = new Map([['part', new Set(['whole'])]]);
    expect([...notCountedGroups({ ordered: ['part', 'whole'], conflicts, wholes })]).toEqual(['part']);
  });
});
