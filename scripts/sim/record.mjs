/**
 * What a simulation knows by itself: what each athlete was told is saved, what left each phone, and what the hub said
 * became of it. Who wins is worked out here anew, from stamps alone, so that the ledger is not judged by itself.
 */

/** Stamps further ahead than this are replaced by the time of receipt (the protocol, 5.6). */
const LONGEST_AHEAD_MS = 5 * 60_000;

export function createRecord() {
  /** What athletes were told, or nearly: `{ phone, kind, id, op, set, isTold }`. */
  const writes = [];
  /** Mid → mutation as it left a phone, and whose it is. */
  const sent = new Map();
  /** Mids of refused changes that the athlete let go, or made again as another. */
  const decided = new Set();
  /** Fields of objects, of which two copies of a phone said different things under one mid: `id field`. */
  const unsure = new Set();
  /** Every value that left a phone. */
  const left = new Set();
  /** Mid → what it came to in the hub's present history: `{ status, stamp, id }`. */
  let known = new Map();
  /** External id → fields. */
  let uploads = new Map();

  function take({ init }) {
    const { push } = JSON.parse(init.body);
    const athleteId = init.headers.Authorization.split(' ')[1];
    for (const mutation of push?.batch ?? []) {
      for (const [field, value] of Object.entries(mutation.set ?? {}))
        left.add(`${athleteId} ${field} ${JSON.stringify(value)}`);
      const before = sent.get(mutation.mid);
      if (before === undefined) sent.set(mutation.mid, { ...mutation, athleteId });
      // Copies of one phone have gone on with one mid: which of them the hub took is not known before it says so.
      else if (before.stamp !== mutation.stamp) for (const field of fieldsOf(before, mutation)) unsure.add(field);
    }
    return push?.batch ?? [];
  }

  const bodyOf = ({ answer }) => (answer.status === 200 ? JSON.parse(answer.text) : null);

  return {
    begins(phone, { kind, id, op, set }) {
      const begun = {
        phone,
        kind,
        id,
        op,
        set: op === 'put' || op === 'patch' ? set : {},
        isTold: false,
        hasHeard: false,
      };
      writes.push(begun);
      return begun;
    },
    told(begun) {
      begun.isTold = true;
    },
    /** A living phone does not refuse what an athlete writes, unless the object is not there any more. */
    refused(begun, error, fail) {
      writes.splice(writes.indexOf(begun), 1);
      if (error.code !== 'not_found') fail(`I2 ${begun.phone.name} did not save a ${begun.op}: ${error.message}`);
    },
    async readsItsOwn(phone, { kind, id, op, set }) {
      const object = await phone.coach.objects.get(kind, id);
      if (op === 'delete') return object === null ? [] : [`I5 ${phone.name} still shows ${id}, which was deleted`];
      if (op === 'restore') return [];
      return wrong(object, set).map((what) => `I5 ${phone.name} does not show what it was told of ${id}: ${what}`);
    },
    /** What was told is there after the power came back, as far as nothing else can have come since. */
    async afterRestart(phone) {
      const last = writes.findLast((each) => each.phone === phone && each.isTold);
      if (last === undefined || last.hasHeard || last.op === 'delete' || last.op === 'restore') return [];
      if (writes.indexOf(last) < writes.findLastIndex((each) => each.phone === phone)) return [];
      const object = await phone.coach.objects.get(last.kind, last.id);
      return wrong(object, last.set).map((what) => `I2 ${phone.name} lost what it was told of ${last.id}: ${what}`);
    },
    /** @returns what is wrong with the answer. */
    answered({ message, answer, nowMs }) {
      const batch = take(message);
      const body = bodyOf({ answer });
      const problems = [];
      for (const result of body?.push?.results ?? []) {
        const mutation = batch.find(({ mid }) => mid === result.mid);
        if (result.status === 'duplicate') {
          if (!known.has(result.mid)) problems.push(`I1 the hub knows ${result.mid} and never said so`);
          continue;
        }
        if (result.code === 'mid_reused') continue;
        sent.set(result.mid, { ...sent.get(result.mid), ...mutation });
        if (known.get(result.mid)?.isSure) problems.push(`I3 ${result.mid} took effect twice`);
        known.set(result.mid, {
          status: result.status,
          isSure: true,
          stamp: stampOf(mutation, nowMs, batch.indexOf(mutation)),
        });
      }
      return problems;
    },
    /** The hub died over it: what was in it may be known, or not. */
    unanswered(message) {
      for (const { mid, stamp } of take(message))
        if (!known.has(mid)) known.set(mid, { status: 'perhaps', isSure: false, stamp });
    },
    /** An answer reached the phone: from here on others may have a say in what it shows. */
    heard(name) {
      for (const each of writes) if (each.phone.name === name) each.hasHeard = true;
    },
    isRepetition(answer) {
      const results = bodyOf({ answer })?.push?.results ?? [];
      return results.length > 0 && results.every(({ status }) => status === 'duplicate');
    },
    uploaded: ({ athleteId, externalId }, fields) => void uploads.set(externalId, { athleteId, fields }),
    copyOfHub: () => ({ known: new Map(known), uploads: new Map(uploads) }),
    backTo(copy) {
      known = new Map(copy.known);
      uploads = new Map(copy.uploads);
    },
    writes,
    sent,
    unsure,
    decided,
    left,
    known: () => known,
    uploads: () => uploads,
  };
}

function fieldsOf(...mutations) {
  return mutations.flatMap(({ id, set, unset, op }) =>
    [...Object.keys(set ?? {}), ...(unset ?? []), ...(op === 'delete' || op === 'restore' ? ['deleted'] : [])].map(
      (field) => `${id} ${field}`,
    ),
  );
}

function stampOf({ stamp }, nowMs, place) {
  const isAhead = Number.parseInt(stamp, 10) > nowMs + LONGEST_AHEAD_MS;
  return isAhead ? `${nowMs}:${place.toString(16).padStart(4, '0')}` : stamp;
}

function wrong(object, set) {
  if (object === null) return ['it is not there'];
  return Object.entries(set).flatMap(([field, value]) =>
    JSON.stringify(object.data[field]) === JSON.stringify(value)
      ? []
      : [`${field} is ${JSON.stringify(object.data[field])} and not ${JSON.stringify(value)}`],
  );
}

/** Negative when `a` is older. */
export function compareStamps(a, b) {
  const [aMs, aCount] = a.split(':');
  const [bMs, bCount] = b.split(':');
  return aMs - bMs || Number.parseInt(aCount, 16) - Number.parseInt(bCount, 16);
}
