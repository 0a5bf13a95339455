import type { NewEnvelope, SplitWrite, SyncStore } from '@coach-hub/core';
import type { Killers, Mutant } from './mutant.test-support.ts';

function replacing(over: (real: SyncStore) => Partial<SyncStore>): Mutant {
  return { store: over };
}

function splitting(alter: (write: SplitWrite) => SplitWrite): Mutant {
  return replacing((real) => ({ splitDelivery: (write) => real.splitDelivery(alter(write)) }));
}

function storing(alter: (envelope: NewEnvelope) => NewEnvelope): Mutant {
  return replacing((real) => ({
    splitDelivery: (write) => real.splitDelivery({ ...write, envelopes: write.envelopes.map(alter) }),
    storeImport: (delivery, envelope) => real.storeImport(delivery, alter(envelope)),
  }));
}

function knowsNoDuplicates(): Mutant {
  let count = 0;
  return storing((envelope) => ({ ...envelope, externalId: `${envelope.externalId}-${count++}` }));
}

const numbersAtTheSplit = replacing((real) => ({
  async splitDelivery(write) {
    const [delivery] = await real.nextDeliveries(1);
    if (!delivery) return { envelopeIds: [], duplicates: 0 };
    return real.splitDelivery({ ...write, deliveryId: await real.storeDelivery(delivery) });
  },
}));

export const inboxKillers: Killers = {
  'inbox: an envelope is found by what it states, and no other is taken for it': replacing((real) => ({
    sameEnvelope: async () => (await real.nextEnvelopes(1))[0] ?? null,
  })),
  'inbox: acknowledged deliveries are there after reopening, in the order of receipt': replacing(() => {
    let id = 0;
    return { storeDelivery: async () => ++id };
  }),
  'inbox: splitting twice stores once': numbersAtTheSplit,
  'inbox: the same statement is stored once even when it comes again after a newer one': knowsNoDuplicates(),
  'inbox: twice in one delivery is once': knowsNoDuplicates(),
  'inbox: the same bytes of another source, stream or thing are another statement': storing((each) => ({
    ...each,
    stream: 'all',
  })),
  'inbox: receipt numbers follow the order of receipt, whichever is split first': numbersAtTheSplit,
  'inbox: what a repeated delivery holds counts from the first one’s receipt': replacing((real) => ({
    storeDelivery: (each) => real.storeDelivery({ ...each, repeatsId: null }),
  })),
  'inbox: an item that is replayed counts where it stood among the items of its delivery': replacing((real) => ({
    storeDelivery: (each) => real.storeDelivery({ ...each, repeatsPlace: null }),
  })),
  'inbox: nothing is stored that came under an authorisation that has ended': replacing((real) => ({
    storeDeadLetter: ({ generation: _generation, ...letter }) => real.storeDeadLetter(letter),
  })),
  'inbox: envelopes that an older mapping read are walked newest first, once read no more': replacing((real) => ({
    withAthleteChange: (athleteId, load, decide) =>
      real.withAthleteChange(athleteId, load, (loaded) => {
        const step = decide(loaded);
        if (step.do === 'load' || !step.write?.envelopesDone) return step;
        const envelopesDone = step.write.envelopesDone.map((each) => ({ ...each, mappingVersion: 1 }));
        return { ...step, write: { ...step.write, envelopesDone } };
      }),
  })),
  'inbox: letters are found by whose they are and when they came, page by page, and counted': replacing((real) => ({
    deadLetters: ({ athleteId: _athlete, ...filter }) => real.deadLetters(filter),
  })),
  'inbox: every byte that a delivery or a letter needs is named': replacing(() => ({
    inboxBlobs: async () => new Set(),
  })),
  'inbox: erasing a connection takes what came in by its past generations': replacing((real) => ({
    eraseInbox: (connectionId, beforeGeneration) => real.eraseInbox(connectionId, beforeGeneration + 1),
  })),
  'inbox: letters nobody has replayed are walked from the oldest on': replacing((real) => ({
    unreplayedLetters: ({ limit, ...filter }) => real.deadLetters({ ...filter, limit }),
  })),
  'inbox: a receipt number is never given out twice': replacing((real) => ({
    nextEnvelopes: async (limit) =>
      (await real.nextEnvelopes(limit)).map((each) => ({ ...each, receipt: each.receipt % 2 })),
  })),
  'inbox: an envelope is kept as it is': storing((each) => ({ ...each, ref: {} })),
  'inbox: the same notice brings one job, and one more in the next generation': splitting((write) => ({
    ...write,
    notices: write.notices.map((each) => ({ ...each, generation: 1 })),
  })),
  'inbox: a notice that must not be acted on leaves one letter and one line in the audit': splitting((write) => ({
    ...write,
    notices: [],
    deadLetters: write.notices.flatMap(({ outcome }) => ('letter' in outcome ? [outcome.letter] : [])),
  })),
  'inbox: an import is stored in one go, and known when it comes again': knowsNoDuplicates(),
  'inbox: its length is what waits to be split and to be read': replacing((real) => ({
    async inboxLength() {
      const { deadLetters } = await real.inboxCounts();
      return (await real.inboxLength()) + deadLetters;
    },
  })),
  'inbox: unknown identities are counted': splitting((write) => ({ ...write, unknownIdentities: 1 })),
  'inbox: an envelope that cannot be read is set aside with one letter, and can be opened again': replacing((real) => ({
    async failEnvelope(_id, letter) {
      await real.storeDeadLetter(letter);
    },
  })),
  'inbox: dead letters are kept whole, found by what they are, and marked when replayed': replacing((real) => ({
    deadLetters: ({ limit }) => real.deadLetters({ limit }),
  })),
};

export const retentionKillers: Killers = {
  'retention: bytes of read envelopes go after their time, and what was said stays known': replacing((real) => ({
    async envelope(id) {
      const stored = await real.envelope(id);
      return stored && { ...stored, body: stored.body ?? new Uint8Array() };
    },
  })),
  'retention: rows past their time go, as many as asked, and the others stay': replacing((real) => ({
    pruneRows: (rows, beforeMs, limit) =>
      real.pruneRows(rows === 'replayed_letter' ? 'dead_letter' : rows, beforeMs, limit),
  })),
  'retention: the newest answers of each client stay, whatever their age': replacing((real) => ({
    async pruneRows(rows, beforeMs, limit) {
      await real.withAthleteChange('ath_1', {}, ({ athlete }) => {
        const client = { clientId: 'c_1', ackSeq: 1_000_000, schemaVersion: 1 };
        return { do: 'write', write: { rev: athlete.rev, objects: [], aliases: [], client }, result: null };
      });
      return real.pruneRows(rows, beforeMs, limit);
    },
  })),
  'retention: athletes are walked in the order of their ids': replacing((real) => ({
    athleteIds: (_after, limit) => real.athleteIds('', limit),
  })),
  'retention: the room taken is told by what takes it': replacing((real) => ({
    async diskUse() {
      const { blobs, ...use } = await real.diskUse();
      return { ...use, blobs: { inbox: blobs.athletes, athletes: blobs.inbox } };
    },
  })),
};

const swapsWhateverIsThere = replacing((real) => ({
  async swapTokens(connectionId, _generation, _old, next) {
    for (;;) {
      const stored = (await real.connection(connectionId))!;
      if (await real.swapTokens(connectionId, stored.generation, stored.sealedTokens, next)) return true;
    }
  },
}));

export const connectionKillers: Killers = {
  'connection: a connection is kept as it is': replacing((real) => ({
    saveConnection: (row, expected) => real.saveConnection({ ...row, permissions: [] }, expected),
  })),
  'connection: a connection is saved only over the generation that was seen': replacing((real) => ({
    async saveConnection(row) {
      return real.saveConnection(row, (await real.connection(row.connectionId))?.generation ?? null);
    },
  })),
  'connection: an identity leads to every athlete connected with it': replacing((real) => ({
    connectionsByIdentity: async (plugin, identity) => (await real.connectionsByIdentity(plugin, identity)).slice(0, 1),
  })),
  'connection: swapping tokens succeeds for one of two racers': swapsWhateverIsThere,
  'connection: tokens of an older generation are not swapped in': swapsWhateverIsThere,
  'connection: a connect attempt can be taken once': replacing((real) => ({
    async takeAttempt(state, nowMs) {
      const attempt = await real.takeAttempt(state, nowMs);
      if (attempt) await real.saveAttempt(attempt);
      return attempt;
    },
  })),
  'connection: a connect attempt can be looked at before it is taken, until it expires': replacing((real) => ({
    peekAttempt: (state, nowMs) => real.takeAttempt(state, nowMs),
  })),
  'connection: an expired attempt is removed and not given out': replacing((real) => ({
    takeAttempt: (state) => real.takeAttempt(state, 0),
  })),
  'connection: a lease has one owner until it ends': replacing((real) => ({
    acquireLease: (name, owner, untilMs) => real.acquireLease(name, owner, untilMs, Number.MAX_SAFE_INTEGER),
  })),
  'connection: leases held now are found by how their names begin': replacing((real) => ({
    leases: (prefix) => real.leases(prefix, 0),
  })),
  'connection: the audit trail is read newest first': replacing((real) => ({
    auditOf: async (filter) => (await real.auditOf(filter)).reverse(),
  })),
};

export const readKillers: Killers = {
  'read: delta pages union to the whole': replacing((real) => ({
    readDelta: async (...args) => ({ ...(await real.readDelta(...args)), hasMore: false }),
  })),
  'read: a delta shows an object once, as it is now': replacing((real) => ({
    async readDelta(...args) {
      const page = await real.readDelta(...args);
      return { ...page, rows: page.rows.map((row) => ({ ...row, alt: null })) };
    },
  })),
  'read: a delta begins with athlete, epoch and the ack of the asking client': replacing((real) => ({
    readDelta: async (...args) => ({ ...(await real.readDelta(...args)), ackSeq: 0 }),
  })),
  'read: claims are found by how their keys begin, of deleted objects too, in pages': replacing((real) => ({
    claimHolders: (athleteId, prefix, _after, limit) => real.claimHolders(athleteId, prefix, '', limit),
  })),
  'read: aliases travel with their rev': replacing((real) => ({
    async readDelta(...args) {
      const page = await real.readDelta(...args);
      return { ...page, rows: page.rows.filter(({ aliasOf }) => aliasOf === null) };
    },
  })),
  'read: the epoch of the server stays, and fits into a cursor': replacing((real) => ({
    serverEpoch: async () => `${await real.serverEpoch()}.1`,
  })),
  'read: a snapshot walks kinds as listed, newest day first, no day last, then id': replacing((real) => ({
    readSnapshot: (athleteId, clientId, kinds, ...rest) =>
      real.readSnapshot(athleteId, clientId, kinds.toSorted(), ...rest),
  })),
  'read: a snapshot leaves out days outside the range, and keeps what has no day': replacing((real) => ({
    readSnapshot: (athleteId, clientId, kinds, _range, ...rest) =>
      real.readSnapshot(athleteId, clientId, kinds, {}, ...rest),
  })),
  'read: what entered the window is found by its day': replacing((real) => ({
    readEntered: (athleteId, kind, _afterDay, toDay, limit) => real.readEntered(athleteId, kind, '', toDay, limit),
  })),
  'read: what was handed to a client is remembered and never taken back': replacing(() => ({
    markServed: async () => {},
  })),
  'read: objects of a kind are read newest day first': replacing((real) => ({
    objects: async (athleteId, kind, filter) => (await real.objects(athleteId, kind, filter)).reverse(),
  })),
  'read: an object that is not there is null': replacing((real) => ({
    async object(athleteId, kind, id) {
      const found = await real.object(athleteId, kind, id);
      return found?.deleted ? null : found;
    },
  })),
  'read: figures tell what waits and what is connected by what it is': replacing((real) => ({
    async figures() {
      const { questionsOpen, ...figures } = await real.figures();
      return { ...figures, questionsOpen: questionsOpen + 1 };
    },
  })),
  'read: every migration is applied, once': replacing((real) => ({
    migrationStatus: async () => (await real.migrationStatus()).map((each) => ({ ...each, appliedAt: null })),
  })),
};

export const sealKillers: Killers = {
  'seal: every row that holds sealed text is found, in pages, and none twice': replacing((real) => ({
    sealedRows: (place, afterId) => real.sealedRows(place, afterId, 1),
  })),
  'seal: a text is replaced only while it is what was read': replacing((real) => ({
    async replaceSealed(row, next) {
      const [stored] = await real.sealedRows(row.place, null, 1);
      return real.replaceSealed(stored ?? row, next);
    },
  })),
};
