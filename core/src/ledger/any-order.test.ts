/** The promise: the same claims and edits, in any order, any number of times, give the same objects apart from ids and revs. */
import { describe, expect, it } from 'vitest';
import { push } from '../sync/push.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Mutation } from '../wire/sync.ts';
import { applyClaims } from './apply-claims.ts';
import { claim } from './claim.test-support.ts';
import { type Claim, FORMS } from './claim.ts';
import { type MemoryStore, memoryStore } from './memory-store.test-support.ts';
import { reResolve } from './re-resolve.ts';

const SEED = Number(process.env.LEDGER_SEED ?? 20_260_502);
const HISTORIES = Number(process.env.LEDGER_HISTORIES ?? 250);

/** Mulberry32: small, seeded, good enough to shuffle. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Step = { do: 'claim'; claim: Claim } | { do: 'mutate'; mutation: Mutation };

const pick = <T>(draw: () => number, values: readonly T[]): T => values[Math.floor(draw() * values.length)] as T;
const PROVIDERS = ['stride', 'cloud', 'file', 'phone'] as const;
const ORIGIN = { stride: 'device', cloud: 'vendor', file: 'device', phone: 'phone_app' } as const;

/** A few hours of one athlete's day: runs that are near, equal, inside each other, told by several sources. */
function drawClaims(draw: () => number): Claim[] {
  const claims: Claim[] = [];
  const things = 1 + Math.floor(draw() * 4);
  for (let thing = 0; thing < things; thing++) {
    const provider = pick(draw, PROVIDERS);
    const startedAtMs = Date.parse('2026-05-02T06:00:00Z') + pick(draw, [0, 0, 30_000, 90_000, 1_800_000, 36_000_000]);
    const elapsedS = pick(draw, [3_600, 3_600, 3_570, 2_400, 6_600]);
    const distanceM = pick(draw, [10_000, 10_000, 10_050, 9_800, 6_000, 18_000]);
    const forms = FORMS.slice(0, 3).filter(() => draw() < 0.6);
    for (const form of forms.length === 0 ? (['file'] as const) : forms) {
      for (let version = 0; version <= (draw() < 0.3 ? 1 : 0); version++) {
        const fields: JsonObject = {
          sport: pick(draw, ['run', 'run', 'run', 'other', 'ride']),
          startedAt: new Date(startedAtMs).toISOString(),
          elapsedS,
          timerS: elapsedS,
          distanceM: distanceM + version * 7,
          ...(draw() < 0.5 ? { avgHeartRateBpm: 140 + Math.floor(draw() * 20) } : {}),
          ...(draw() < 0.2 ? { rpe: 1 + Math.floor(draw() * 9) } : {}),
        };
        claims.push(
          claim(draw() < 0.08 ? null : fields, {
            provider,
            connectionId: provider === 'file' ? null : `connection-${provider}`,
            externalId: `${provider}-${thing}`,
            form,
            origin: form === 'file' ? ORIGIN[provider] : 'vendor',
            identities: draw() < 0.2 ? ['fit:1:42:7:0'] : [],
            order: { vendorVersion: 0, supersession: 0, receipt: claims.length + 1, mappingVersion: 1 },
          }),
        );
      }
    }
  }
  return claims;
}

const NIGHT_PARTS = [
  ['2026-05-01T22:00:00.000Z', '2026-05-01T23:50:00.000Z'],
  ['2026-05-02T00:30:00.000Z', '2026-05-02T06:30:00.000Z'],
  ['2026-05-02T13:00:00.000Z', '2026-05-02T13:40:00.000Z'],
  ['2026-05-02T07:10:00.000Z', '2026-05-02T08:00:00.000Z'],
] as const;

/** Nights, days and races around the same date, by sources that correct themselves and take things back. */
function drawDays(draw: () => number, from: number): Claim[] {
  const claims: Claim[] = [];
  const add = (kind: Claim['kind'], provider: string, externalId: string, fields: JsonObject) =>
    claims.push(
      claim(draw() < 0.1 ? null : fields, {
        kind,
        provider,
        connectionId: `connection-${provider}`,
        externalId,
        form: 'summary',
        origin: pick(draw, ['vendor', 'vendor', 'health_store']),
        order: { vendorVersion: 0, supersession: 0, receipt: from + claims.length + 1, mappingVersion: 1 },
      }),
    );
  for (let at = Math.floor(draw() * 5); at > 0; at--) {
    const [startedAt, endedAt] = pick(draw, NIGHT_PARTS);
    const provider = pick(draw, ['watch', 'ring']);
    add('sleep', provider, `night-${Math.floor(draw() * 3)}`, {
      startedAt,
      endedAt,
      asleepS: 1_000 * Math.floor(draw() * 9),
    });
  }
  for (let at = Math.floor(draw() * 4); at > 0; at--) {
    const day = pick(draw, ['2026-05-02', '2026-05-02', '2026-05-03']);
    const provider = pick(draw, ['watch', 'ring']);
    if (draw() < 0.5)
      add('wellness_day', provider, `day-${Math.floor(draw() * 2)}`, { day, steps: 1_000 * Math.floor(draw() * 9) });
    else
      add('nutrition_day', provider, `diary-${Math.floor(draw() * 2)}`, {
        day,
        energyKcal: 900 * Math.floor(draw() * 4),
      });
  }
  if (draw() < 0.3)
    add('race', 'catalogue', '4711', { day: pick(draw, ['2026-09-06', '2026-09-13']), name: 'City Run' });
  return claims;
}

function drawMutations(draw: () => number): Mutation[] {
  const mutations: Mutation[] = [];
  const logs = Math.floor(draw() * 3);
  for (let log = 0; log < logs; log++) {
    const id = `act_log${log}`;
    const add = (op: Mutation['op'], set: JsonObject, minutes: number) =>
      mutations.push({
        mid: `mid-${mutations.length}`,
        stamp: `${Date.parse('2026-05-02T12:00:00Z') + minutes * 60_000}:0000`,
        kind: 'activity',
        id,
        op,
        set,
      });
    add(
      'put',
      { sport: 'run', day: '2026-05-02', distanceM: pick(draw, [10_000, 10_000, 5_000]), rpe: 7, notes: `log ${log}` },
      log,
    );
    if (draw() < 0.5) add('patch', { rpe: 1 + Math.floor(draw() * 9), title: 'Tempo' }, 10 + log);
    if (draw() < 0.2) add('override', { sport: 'hike' }, 20 + log);
    if (draw() < 0.15) add('delete', {}, 30 + log);
    if (draw() < 0.1) add('restore', {}, 40 + log);
    if (draw() < 0.2) {
      const source = (thing: number) => {
        const provider = pick(draw, PROVIDERS);
        return { provider, externalId: `${provider}-${thing}` };
      };
      add('patch', { notSame: [source(0), source(1)] }, 50 + log);
    }
  }
  const put = (kind: Mutation['kind'], id: string, set: JsonObject) =>
    mutations.push({
      mid: `mid-${mutations.length}`,
      stamp: `${Date.parse('2026-05-02T12:00:00Z')}:0000`,
      kind,
      id,
      op: 'put',
      set,
    });
  if (draw() < 0.3) put('wellness_day', '2026-05-02', { soreness: 1 + Math.floor(draw() * 5) });
  if (draw() < 0.2) put('sleep', '2026-05-02', { quality: 4 });
  if (draw() < 0.3) put('race', 'catalogue:4711', { day: '2026-09-06', priority: 'A' });
  if (draw() < 0.2) put('nutrition_day', '2026-05-02', { energyKcal: 2_000, fluidMl: 1_500 });
  return mutations;
}

function drawAll(draw: () => number): Claim[] {
  const runs = drawClaims(draw);
  return [...runs, ...drawDays(draw, runs.length)];
}

async function play(steps: Step[]): Promise<MemoryStore> {
  const store = memoryStore();
  let ids = 0;
  const context = { newId: (kind: string) => `${kind}_${String(ids++).padStart(3, '0')}` };
  for (const step of steps) {
    if (step.do === 'claim') {
      await applyClaims(
        store as never,
        { athleteId: 'a', claims: [step.claim], generations: [], envelopesDone: [] },
        context,
      );
    } else {
      const response = await push(
        store as never,
        {
          athleteId: 'a',
          clientId: 'phone-1',
          schemaVersion: 1,
          request: { epoch: null, batch: [step.mutation] },
          nowMs: Date.parse('2026-05-03T00:00:00Z'),
        },
        context,
      );
      expect(response.results[0]?.status).not.toBe('rejected');
    }
  }
  return store;
}

/** Live objects with ids replaced by what they stand for: the records they are made of. */
function normal(store: MemoryStore): string {
  const live = [...store.stored.values()].filter((object) => !object.deleted);
  const name = new Map<string, string>();
  for (const object of store.stored.values()) {
    // Other kinds have ids of their own nature, the same in every order.
    if (object.kind !== 'activity') continue;
    const said = Object.values(object.state.claims).filter((each) => each.fields !== null);
    const records = [...said.map((each) => each.claimKey), ...Object.keys(object.state.layers)].sort().join('+');
    name.set(object.id, `<${records}>`);
  }
  const rename = (text: string) =>
    [...name].reduce((renamed, [id, other]) => renamed.replaceAll(`"${id}"`, JSON.stringify(other)), text);
  return live
    .map(({ kind, id, day, data, alt }) =>
      rename(JSON.stringify([kind, id, day, JSON.parse(data), alt === null ? null : JSON.parse(alt)])),
    )
    .sort()
    .join('\n');
}

/** Any order, but what one client says keeps its order, and some steps come twice. */
function shuffled(draw: () => number, steps: Step[]): Step[] {
  const claims: Step[] = steps.filter((step) => step.do === 'claim');
  for (const step of [...claims]) if (draw() < 0.25) claims.push(step);
  for (let index = claims.length - 1; index > 0; index--) {
    const other = Math.floor(draw() * (index + 1));
    [claims[index], claims[other]] = [claims[other] as Step, claims[index] as Step];
  }
  const mixed: Step[] = [...claims];
  let from = 0;
  for (const step of steps.filter((each) => each.do === 'mutate')) {
    const place = from + Math.floor(draw() * (mixed.length - from + 1));
    mixed.splice(place, 0, step);
    from = place + 1;
  }
  return mixed;
}

describe(`claims and edits in any order (seed ${SEED}, ${HISTORIES} histories)`, () => {
  it('give the same objects', async () => {
    for (let history = 0; history < HISTORIES; history++) {
      const draw = random(SEED + history);
      const steps: Step[] = [
        ...drawAll(draw).map((each): Step => ({ do: 'claim', claim: each })),
        ...drawMutations(draw).map((mutation): Step => ({ do: 'mutate', mutation })),
      ];
      const reference = normal(await play(steps));
      for (let order = 0; order < 3; order++) {
        const other = shuffled(draw, steps);
        expect(normal(await play(other)), `history ${history} of seed ${SEED}, order ${order}`).toBe(reference);
      }
    }
  }, 1_800_000);

  it('and saying everything once more moves no rev', async () => {
    for (let history = 0; history < 100; history++) {
      const draw = random(SEED + history);
      const steps: Step[] = drawAll(draw).map((each): Step => ({ do: 'claim', claim: each }));
      const store = await play(steps);
      const rev = store.rev();
      for (const step of shuffled(draw, steps)) {
        if (step.do === 'claim') {
          await applyClaims(
            store as never,
            { athleteId: 'a', claims: [step.claim], generations: [], envelopesDone: [] },
            { newId: () => 'none' },
          );
        }
      }
      expect(store.rev()).toBe(rev);
    }
  });
});

describe('the athlete’s time zone', () => {
  const zoned = (seq: number): Mutation => ({
    mid: `zone-${seq}`,
    stamp: `${Date.parse('2026-05-02T01:00:00Z')}:0000`,
    kind: 'profile',
    id: 'profile',
    op: 'put',
    set: { timeZone: 'Pacific/Auckland' },
  });
  // 18:30 UTC on the 1st is the morning of the 2nd in Auckland; the run itself names no zone.
  const run: Step = {
    do: 'claim',
    claim: claim({ sport: 'run', startedAt: '2026-05-01T18:30:00.000Z', elapsedS: 3_600, distanceM: 10_020 }),
  };
  const log: Step = {
    do: 'mutate',
    mutation: {
      mid: 'log',
      stamp: `${Date.parse('2026-05-02T02:00:00Z')}:0000`,
      kind: 'activity',
      id: 'act_log',
      op: 'put',
      set: { sport: 'run', day: '2026-05-02', distanceM: 10_000, rpe: 7 },
    },
  };

  it('gives the same activities whether it is known before or after the run', async () => {
    const zone: Step = { do: 'mutate', mutation: zoned(1) };
    const before = await play([zone, run, log]);
    const after = await play([run, log, zone]);
    expect(await reResolve(after as never, 'a', { newId: () => 'act_new' })).toBe(1);
    expect(normal(after)).toBe(normal(before));
    expect(normal(before)).toContain('"distanceM":10020');
    expect(normal(before)).toContain('"rpe":7');
  });

  it('is refused when nobody knows it, and stops nothing', async () => {
    const store = memoryStore();
    const batch = [{ ...zoned(1), set: { timeZone: 'Mars/Base' } }, ...(log.do === 'mutate' ? [log.mutation] : [])];
    const answer = await push(
      store as never,
      {
        athleteId: 'a',
        clientId: 'p',
        schemaVersion: 1,
        request: { epoch: null, batch },
        nowMs: Date.parse('2026-05-03T00:00:00Z'),
      },
      { newId: () => 'x' },
    );
    expect(answer.results.map(({ status, code }) => [status, code])).toEqual([
      ['rejected', 'invalid_value'],
      ['applied', undefined],
    ]);
  });
});
