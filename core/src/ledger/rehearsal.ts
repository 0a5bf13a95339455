/**
 * Rehearsal: changes of one athlete worked out one on top of the other and never written.
 *
 * It is a store whose every write stays in memory and hides what is stored below it, so that the ledger itself says what
 * would become of the objects. What others write meanwhile is seen in objects the rehearsal has not touched.
 */
import type {
  AthleteChangeStore,
  AthleteWrite,
  DecideStep,
  Loaded,
  LoadRequest,
  StoredObject,
} from '../store/athlete-change.ts';
import { joinedChange, type ObjectChange, objectChange } from './object-change.ts';
import { objectKey } from './world.ts';

export interface Rehearsal extends Pick<AthleteChangeStore, 'withAthleteChange'> {
  /** How each object would look different from what is stored, in the order they were first touched. */
  changes(): ObjectChange[];
}

type Below = Pick<AthleteChangeStore, 'withAthleteChange'>;

/** What the rehearsal has done so far, keyed `kind/id`. */
interface Done {
  rev: number | null;
  objects: Map<string, StoredObject>;
  /** Claim key → the object above that holds it. */
  holders: Map<string, string>;
  /** Ids that lead to another object now. */
  aliases: Map<string, string>;
  aliasesRemoved: Set<string>;
  /** Everything touched, as it is stored. */
  before: Map<string, StoredObject | null>;
}

export function rehearse(store: Below, athleteId: string): Rehearsal {
  const done: Done = {
    rev: null,
    objects: new Map(),
    holders: new Map(),
    aliases: new Map(),
    aliasesRemoved: new Set(),
    before: new Map(),
  };

  return {
    withAthleteChange<T>(of: string, load: LoadRequest, decide: (loaded: Loaded) => DecideStep<T>): Promise<T> {
      if (of !== athleteId) throw new RangeError('a rehearsal is of one athlete');
      let below: Loaded | null = null;
      let above: Loaded;
      let asked: LoadRequest[] = [];
      const captured: { write: AthleteWrite | null; below: Loaded | null } = { write: null, below: null };
      const whole = store.withAthleteChange<T>(of, withTargets(done, load), (loaded): DecideStep<T> => {
        if (loaded !== below) {
          below = loaded;
          asked = [load];
          above = { ...loaded, objects: new Map(), aliases: new Map() };
          if (done.rev !== null) above.athlete = { ...loaded.athlete, rev: done.rev };
        }
        lay(done, loaded, above, asked);
        const step = decide(above);
        if (step.do === 'load') {
          asked.push(step.load);
          return { do: 'load', load: withTargets(done, step.load) };
        }
        captured.write = step.write;
        captured.below = loaded;
        return { do: 'write', write: null, result: step.result };
      });
      return whole.then((result) => {
        if (captured.write !== null && captured.below !== null) keep(done, captured.below, above, captured.write);
        return result;
      });
    },

    changes() {
      return [...done.before].flatMap(([key, before]) => {
        const after = done.objects.get(key);
        if (after !== undefined) return objectChange(athleteId, before, after) ?? [];
        const into = done.aliases.get(key);
        return before === null || into === undefined ? [] : joinedChange(athleteId, before, into);
      });
    },
  };
}

/** An id that became an alias here is none below: its object is asked for by the id it has below, if it has one. */
function withTargets(done: Done, load: LoadRequest): LoadRequest {
  const targets = (load.ids ?? []).flatMap(({ kind, id }) => {
    const target = done.aliases.get(objectKey(kind, id));
    return target === undefined ? [] : [{ kind, id: target }];
  });
  return targets.length === 0 ? load : { ...load, ids: [...(load.ids ?? []), ...targets] };
}

/** Puts what the rehearsal has done over what was loaded from below. */
function lay(done: Done, below: Loaded, above: Loaded, asked: readonly LoadRequest[]): void {
  for (const [key, target] of below.aliases) if (!done.aliasesRemoved.has(key)) above.aliases.set(key, target);
  const take = (key: string) => {
    const object = done.objects.get(key);
    if (object !== undefined) above.objects.set(key, object);
  };
  for (const [key, object] of below.objects) {
    if (above.objects.has(key)) continue;
    if (done.before.has(key)) take(key);
    else above.objects.set(key, object);
  }
  for (const load of asked) {
    for (const { kind, id } of load.ids ?? []) {
      const key = objectKey(kind, id);
      const target = done.aliases.get(key);
      if (target !== undefined) above.aliases.set(key, target);
      take(target === undefined ? key : objectKey(kind, target));
    }
    for (const claimKey of load.claimKeys ?? []) take(done.holders.get(claimKey) ?? '');
    if (load.spans === undefined && load.days === undefined) continue;
    for (const [key, object] of done.objects) if (isWithin(object, load)) take(key);
  }
}

function isWithin({ kind, startedAtMs, day }: StoredObject, { spans = [], days = [] }: LoadRequest): boolean {
  const inSpan = spans.some(
    (span) => span.kind === kind && startedAtMs !== null && startedAtMs >= span.fromMs && startedAtMs <= span.toMs,
  );
  return inSpan || days.some((wanted) => wanted.kind === kind && day !== null && wanted.days.includes(day));
}

/** Takes in what one change would write. */
function keep(done: Done, below: Loaded, above: Loaded, write: AthleteWrite): void {
  const touch = (key: string) => {
    if (!done.before.has(key)) done.before.set(key, below.objects.get(key) ?? null);
  };
  const put = (key: string, object: StoredObject) => {
    for (const claimKey of Object.keys(done.objects.get(key)?.state.claims ?? {})) {
      if (done.holders.get(claimKey) === key) done.holders.delete(claimKey);
    }
    done.objects.set(key, object);
  };
  for (const { kind, oldId } of write.aliasesRemoved ?? []) {
    done.aliases.delete(objectKey(kind, oldId));
    done.aliasesRemoved.add(objectKey(kind, oldId));
  }
  for (const { kind, oldId, objectId } of write.aliases) {
    const key = objectKey(kind, oldId);
    touch(key);
    done.objects.delete(key);
    done.aliases.set(key, objectId);
    done.aliasesRemoved.delete(key);
  }
  const written: string[] = [];
  for (const object of write.objects) {
    const key = objectKey(object.kind, object.id);
    touch(key);
    put(key, object);
    written.push(key);
  }
  for (const { kind, id, state } of write.states ?? []) {
    const key = objectKey(kind, id);
    const held = above.objects.get(key);
    if (held === undefined) continue;
    touch(key);
    put(key, { ...held, state });
    written.push(key);
  }
  // Claims last: one may have moved between two objects of the write.
  for (const key of written) {
    for (const claimKey of Object.keys(done.objects.get(key)?.state.claims ?? {})) done.holders.set(claimKey, key);
  }
  done.rev = write.rev;
}
