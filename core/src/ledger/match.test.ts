import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchInput, match } from './match.ts';
import type { MatchRecord } from './match-pair.ts';

function timed(
  key: string,
  startMinute: number,
  elapsedS: number,
  distanceM: number | null,
  more: Partial<MatchRecord> = {},
): MatchRecord {
  const [provider = '', externalId = ''] = key.split('|');
  return {
    key,
    provider,
    externalId,
    part: 0,
    groupKey: null,
    identities: [],
    sport: 'run',
    subSport: null,
    startMs: Date.parse('2026-05-02T06:00:00Z') + startMinute * 60_000,
    elapsedS,
    distanceM,
    day: '2026-05-02',
    byAthlete: false,
    ...more,
  };
}
const log = (key: string, distanceM: number | null, more: Partial<MatchRecord> = {}) =>
  timed(key, 0, 0, distanceM, { startMs: null, elapsedS: null, byAthlete: true, ...more });

function matched(records: MatchRecord[], more: Partial<MatchInput> = {}) {
  return match({
    records,
    priority: (key) => (key.startsWith('watch') ? 0 : 1),
    utcOffsetS: () => null,
    notSame: new Set(),
    same: new Set(),
    ownWrites: new Set(),
    words: { deleted: () => null, madeAt: () => null },
    ...more,
  });
}

describe('matching over many records', () => {
  it('joins what is connected through a third', () => {
    const { components } = matched([
      timed('watch|1|0', 0, 3_600, 10_000),
      timed('phone|1|0', 1, 3_500, 9_800),
      timed('copy|1|0', 2, 3_450, 9_700),
    ]);
    expect(components).toEqual([['copy|1|0', 'phone|1|0', 'watch|1|0']]);
  });

  it('does not join a component with a separate pair in it, but asks', () => {
    const identities = ['file:x:0'];
    const { components, questions } = matched([
      timed('watch|1|0', 0, 3_600, 10_000, { identities }),
      timed('file|1|0', 600, 1_800, 5_000, { identities: [...identities, 'file:y:0'] }),
      timed('phone|1|0', 1, 3_550, 9_900),
    ]);
    expect(components).toHaveLength(3);
    expect(questions.map((question) => question.code)).toContain('conflicting_match');
  });

  it('attaches a log to the one run of the day that fits', () => {
    const { components } = matched([timed('watch|1|0', 0, 3_600, 10_400), log('athlete|a|0', 10_000)]);
    expect(components).toEqual([['athlete|a|0', 'watch|1|0']]);
  });

  it('asks where two runs of the day fit, and leaves the log by itself', () => {
    const { components, questions } = matched([
      timed('watch|1|0', 0, 3_600, 10_000),
      timed('watch|2|0', 600, 3_600, 10_000),
      log('athlete|a|0', 10_000),
    ]);
    expect(components).toHaveLength(3);
    expect(questions).toEqual([
      { code: 'which_activity', records: ['athlete|a|0', 'watch|1|0', 'watch|2|0'], step: 3 },
    ]);
  });

  it('gives a run to the closer of two logs', () => {
    const { components, questions } = matched([
      timed('watch|1|0', 0, 3_600, 10_000),
      log('athlete|far|0', 8_900),
      log('athlete|near|0', 10_000),
    ]);
    expect(components).toContainEqual(['athlete|near|0', 'watch|1|0']);
    expect(questions.map((question) => question.code)).toEqual(['same_activity']);
  });

  it('counts the better source once while a question is open', () => {
    const { notCounted, questions } = matched([
      timed('watch|1|0', 0, 3_600, 10_000),
      timed('other|1|0', 0, 3_600, 6_000),
    ]);
    expect(questions).toHaveLength(1);
    expect([...notCounted]).toEqual(['other|1|0']);
  });

  it('asks one question about many doubtful copies, naming one record of each, and counts one', () => {
    // Distances so far apart that no two of the five are surely the same run.
    const copies = [3, 4.5, 6, 7.5, 10].map((km, at) => timed(`app${at}|1|0`, 0, 3_600, km * 1_000));
    const twin = timed('watch|1|0', 0, 3_600, 10_000);
    const { components, questions, notCounted } = matched([...copies, twin]);
    expect(components).toHaveLength(5);
    expect(questions).toEqual([
      { code: 'same_activity', records: ['app0|1|0', 'app1|1|0', 'app2|1|0', 'app3|1|0', 'app4|1|0'], step: 5 },
    ]);
    expect([...notCounted].sort()).toEqual(['app0|1|0', 'app1|1|0', 'app2|1|0', 'app3|1|0']);
  });

  it('asks two questions about doubts that have nothing to do with each other', () => {
    const { questions } = matched([
      timed('watch|1|0', 0, 3_600, 10_000),
      timed('other|1|0', 0, 3_600, 6_000),
      timed('watch|2|0', 600, 3_600, 10_000),
      timed('other|2|0', 600, 3_600, 6_000),
    ]);
    expect(questions.map(({ records }) => records)).toEqual([
      ['other|1|0', 'watch|1|0'],
      ['other|2|0', 'watch|2|0'],
    ]);
  });

  it('groups parts of one provider that cover the whole', () => {
    const { containedIn, splitGroup } = matched([
      timed('watch|1|0', 0, 6_600, 18_000),
      timed('other|1|0', 0, 3_200, 8_000),
      timed('other|2|0', 55, 3_200, 8_000),
    ]);
    expect([...containedIn]).toEqual([
      ['other|1|0', 'watch|1|0'],
      ['other|2|0', 'watch|1|0'],
    ]);
    expect([...splitGroup.values()]).toEqual(['split:watch|1|0', 'split:watch|1|0']);
  });

  it('never joins a pair the athlete called different', () => {
    const { components } = matched([timed('watch|1|0', 0, 3_600, 10_000), timed('phone|1|0', 0, 3_600, 10_000)], {
      notSame: new Set(['phone|1|0\nwatch|1|0']),
    });
    expect(components).toHaveLength(2);
  });

  it('sets our own write aside', () => {
    const { components, ownWrites } = matched([timed('watch|1|0', 0, 3_600, 10_000, { identities: ['workout:9'] })], {
      ownWrites: new Set(['workout:9']),
    });
    expect(components).toEqual([]);
    expect([...ownWrites]).toEqual(['watch|1|0']);
  });

  it('gives the same answer in every order', () => {
    const record = fc.record({
      provider: fc.constantFrom('watch', 'phone', 'copy', 'athlete'),
      minute: fc.integer({ min: 0, max: 120 }),
      elapsedS: fc.integer({ min: 600, max: 7_200 }),
      distanceM: fc.option(fc.integer({ min: 1_000, max: 20_000 })),
      isLog: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.integer(), (drawn, rotation) => {
        const records = drawn.map(({ provider, minute, elapsedS, distanceM, isLog }, index) =>
          isLog
            ? log(`${provider}|${index}|0`, distanceM)
            : timed(`${provider}|${index}|0`, minute, elapsedS, distanceM),
        );
        const cut = records.length === 0 ? 0 : Math.abs(rotation) % records.length;
        const other = [...records.slice(cut), ...records.slice(0, cut)].reverse();
        const normal = (result: ReturnType<typeof matched>) => ({
          components: result.components,
          questions: result.questions.map((question) => JSON.stringify([question.code, question.records])).sort(),
          counted: [...result.notCounted].sort(),
        });
        expect(normal(matched(other))).toEqual(normal(matched(records)));
      }),
      { numRuns: 500 },
    );
  });
});
