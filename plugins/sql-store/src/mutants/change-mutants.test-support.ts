import type { AthleteWrite, DecideStep, Loaded, LoadRequest, SyncStore } from '@coach-hub/core';
import type { Killers, Mutant } from './mutant.test-support.ts';

type Decide<T> = (loaded: Loaded) => DecideStep<T>;

/** Alters what a decision wants written. */
function writing(alter: (write: AthleteWrite) => AthleteWrite | null): Mutant {
  return {
    store: (real) => ({
      withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
        real.withAthleteChange(athleteId, load, (loaded) => {
          const step = decide(loaded);
          return step.do === 'write' && step.write ? { ...step, write: alter(step.write) } : step;
        }),
    }),
  };
}

/** Alters what a decision is given. */
function loading(alter: (load: LoadRequest) => LoadRequest, hide: (loaded: Loaded) => void = () => {}): Mutant {
  return {
    store: (real) => ({
      withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
        real.withAthleteChange(athleteId, alter(load), (loaded) => {
          hide(loaded);
          return decide(loaded);
        }),
    }),
  };
}

function replacing(over: (real: SyncStore) => Partial<SyncStore>): Mutant {
  return { store: over };
}

const acknowledgesWithoutStoring = writing(() => null);

const swallowsErrors = replacing((real) => ({
  withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
    real.withAthleteChange(athleteId, load, decide).catch(() => undefined as T),
}));

const keepsHalfOfARefusedWrite = replacing((real) => ({
  withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
    real.withAthleteChange(athleteId, load, decide).catch(async (error) => {
      await real.withAthleteChange(athleteId, load, (loaded) => {
        const step = decide(loaded);
        if (step.do !== 'write' || !step.write) return step;
        const { client: _client, ...rest } = step.write;
        return { ...step, write: rest };
      });
      throw error;
    }),
}));

const failsTogether = replacing((real) => {
  let group: Promise<unknown>[] = [];
  return {
    async withAthleteChange<T>(athleteId: string, load: LoadRequest, decide: Decide<T>) {
      const own = real.withAthleteChange(athleteId, load, decide);
      group.push(own);
      const members = group;
      setImmediate(() => {
        group = [];
      });
      await Promise.resolve();
      await Promise.all(members);
      return own;
    },
  };
});

const loadsMoreInAnotherTransaction = replacing((real) => ({
  async withAthleteChange<T>(athleteId: string, load: LoadRequest, decide: Decide<T>) {
    let more: LoadRequest | null = null;
    const first = await real.withAthleteChange(athleteId, load, (loaded) => {
      const step = decide(loaded);
      if (step.do === 'write') return step;
      more = { ...load, ...step.load };
      return { do: 'write', write: null, result: undefined as T };
    });
    return more ? real.withAthleteChange(athleteId, more, decide) : first;
  },
}));

const writesForNull = replacing((real) => ({
  withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
    real.withAthleteChange(athleteId, load, (loaded) => {
      const step = decide(loaded);
      if (step.do !== 'write' || step.write) return step;
      const rev = loaded.athlete.rev + 1;
      const aliases = [{ kind: 'gear' as const, oldId: 'a', objectId: 'b', rev }];
      return { ...step, write: { rev, objects: [], aliases } };
    }),
}));

const renumbers = replacing((real) => ({
  withAthleteChange: <T>(athleteId: string, load: LoadRequest, decide: Decide<T>) =>
    real.withAthleteChange(athleteId, load, (loaded) => {
      const step = decide(loaded);
      if (step.do !== 'write' || !step.write) return step;
      const { rev } = loaded.athlete;
      const objects = step.write.objects.map((each, at) => ({ ...each, rev: rev + at + 1 }));
      return { ...step, write: { ...step.write, rev: rev + objects.length, objects } };
    }),
}));

const tellsTwice = replacing((real) => ({
  onCommit: (listener) =>
    real.onCommit((athleteId, rev) => {
      listener(athleteId, rev);
      listener(athleteId, rev);
    }),
}));

const trustsListeners = replacing((real) => {
  const listeners: ((athleteId: string, rev: number) => void)[] = [];
  return {
    onCommit(listener) {
      listeners.push(listener);
      return () => {};
    },
    async withAthleteChange<T>(athleteId: string, load: LoadRequest, decide: Decide<T>) {
      const result = await real.withAthleteChange(athleteId, load, decide);
      for (const listener of listeners) listener(athleteId, 1);
      return result;
    },
  };
});

const enqueuesBeforeTheCommit: Mutant = {
  store: (real, { queue }) => ({
    async withAthleteChange<T>(athleteId: string, load: LoadRequest, decide: Decide<T>) {
      const enqueued: Promise<void>[] = [];
      try {
        return await real.withAthleteChange(athleteId, load, (loaded) => {
          const step = decide(loaded);
          if (step.do !== 'write' || !step.write?.jobs) return step;
          const { jobs, ...rest } = step.write;
          enqueued.push(queue.enqueue(jobs));
          return { ...step, write: rest };
        });
      } finally {
        await Promise.all(enqueued);
      }
    },
  }),
};

const hidesTombstones = loading(
  (load) => load,
  ({ objects }) => {
    for (const [key, { deleted }] of objects) if (deleted) objects.delete(key);
  },
);

export const changeKillers: Killers = {
  'change: an acknowledged change is there after reopening': acknowledgesWithoutStoring,
  'change: two concurrent changes of one athlete take consecutive revs': acknowledgesWithoutStoring,
  'change: a decision that throws leaves nothing and rejects with its error': swallowsErrors,
  'change: a write that is refused half-way leaves nothing': keepsHalfOfARefusedWrite,
  'change: one bad member of a group does not fail its neighbours': failsTogether,
  'change: asking for more loads in the same transaction': loadsMoreInAnotherTransaction,
  'change: a write of null commits nothing': writesForNull,
  'change: revs that do not continue the counter are refused': renumbers,
  'change: ids and days that would break the text of a delta are refused': writing((write) => ({
    ...write,
    objects: write.objects.map((each) => ({ ...each, id: each.id.replace(/[^a-z]/g, '_').slice(0, 9) || 'x' })),
  })),
  'change: what is named is loaded: by id, claim, start and day, tombstones included': hidesTombstones,
  'change: a claim leads to the object that holds it now': writing((write) => ({
    ...write,
    objects: write.objects.map((each) =>
      each.id === 'act_2' ? { ...each, state: { ...each.state, claims: {} } } : each,
    ),
  })),
  'change: claims are indexed as stored, whatever a decision did to the state it was given': loading(
    (load) => load,
    ({ objects }) => {
      for (const [key, { state, ...rest }] of objects) objects.set(key, { ...rest, state: structuredClone(state) });
      for (const { state } of objects.values()) Object.freeze(state.claims);
    },
  ),
  'change: a state can be written while the view and its rev stay': writing(({ states: _states, ...write }) => write),
  'change: an alias leads to the object that took its place': replacing((real) => ({
    async object(athleteId, kind, id) {
      const found = await real.object(athleteId, kind, id);
      return found?.id === id ? found : null;
    },
  })),
  'change: an id stands by itself again once its alias is removed, and not before': writing(
    ({ aliasesRemoved: _removed, ...write }) => write,
  ),
  'change: a client id stays with the athlete it was first used by': swallowsErrors,
  'change: a mutation is known by its mid and its seq, and stored once': writing(
    ({ mutations: _mutations, ...write }) => write,
  ),
  'change: text is kept byte for byte': writing((write) => ({
    ...write,
    objects: write.objects.map((each) => ({ ...each, data: JSON.stringify(JSON.parse(each.data)) })),
  })),
  'change: a commit is told once per athlete, with the newest rev': tellsTwice,
  'change: a listener that throws does not fail the change': trustsListeners,
  'change: jobs are there exactly when their change is': enqueuesBeforeTheCommit,
  'change: a job of a change starts by itself after the commit': writing(({ jobs: _jobs, ...write }) => write),
  'change: an envelope is seen for as long as it is stored, by its own athlete only': {
    store: () => ({ eraseInbox: async () => {} }),
  },
  'change: an envelope is settled with the change it led to': writing(({ envelopesDone: _done, ...write }) => write),
  'change: connections are seen with their generation, by their own athlete only': loading(
    ({ connectionIds: _ids, ...load }) => load,
  ),
  'change: athletes do not see each other': replacing((real) => ({
    withAthleteChange: (_athleteId, load, decide) => real.withAthleteChange('ath_1', load, decide),
  })),
  'change: a subject is one athlete, however many ask at once': replacing((real) => ({
    athleteOfSubject: (_issuer, _subject, newId) => real.ensureAthlete(newId),
  })),
  'change: an athlete nobody has seen is not made by asking': replacing((real) => ({
    async withAthleteChange(athleteId, load, decide) {
      await real.ensureAthlete(athleteId);
      return real.withAthleteChange(athleteId, load, decide);
    },
  })),
};
