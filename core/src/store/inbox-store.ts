/** Deliveries, envelopes and dead letters: what came in, in the order it was received. */
import type { AuditEntry } from './connection-store.ts';
import type { NewJob } from './job-queue.ts';

/** One request as it came, to be stored before it is answered. */
export interface NewDelivery {
  plugin: string;
  /** How it came: `webhook`, `fetch` (an answer to a call of ours) or `import`. */
  route: 'webhook' | 'fetch' | 'import';
  /** Headers the adapter asked to keep, lower case. Never authorisation. */
  headers: { [name: string]: string };
  /** The bytes, when at most 64 KiB; else `blobSha256` names them under INBOX_OWNER. */
  body: Uint8Array | null;
  blobSha256: string | null;
  bytes: number;
  receivedAtMs: number;
  /** For `fetch` and `import`: whose data this is and what was asked for, as the adapter left it in the notice. */
  context: DeliveryContext | null;
  /** The delivery this one repeats (a replay): it counts in that one's place of the order of receipt. */
  repeatsId?: number | null;
  /** With `repeatsId`: the place in that delivery at which this one's items begin, where it is a part of it. */
  repeatsPlace?: number | null;
}

export interface DeliveryContext {
  athleteId: string;
  connectionId: string | null;
  generation: number;
  /** The adapter's own words about what was fetched, or the file name of an import. */
  ref: { [key: string]: string | number | boolean | null };
}

export interface Delivery extends NewDelivery {
  /** Also the order of receipt, unless it repeats another. */
  id: number;
  repeatsId: number | null;
  repeatsPlace: number | null;
}

/** The bytes of one thing of one connection, scrubbed. */
export interface NewEnvelope {
  athleteId: string;
  plugin: string;
  connectionId: string | null;
  generation: number;
  stream: string;
  externalId: string | null;
  /** Hash of the scrubbed bytes: the same statement of the same source is stored once. */
  sha256: string;
  body: Uint8Array | null;
  /** Names the bytes in the BlobStore when they are over 64 KiB. */
  blobSha256: string | null;
  bytes: number;
  receivedAtMs: number;
  /** The adapter's own words, passed to `normalise`. */
  ref: { [key: string]: string | number | boolean | null };
  /**
   * Its place among the items of its delivery, part of the receipt number. Absent: that in the list. Items that could not
   * be read count, so that a replay puts them where they were.
   */
  place?: number;
}

/** One whose `body` and `blobSha256` are both null has passed its retention: that it was said is still known. */
export interface Envelope extends Omit<NewEnvelope, 'place'> {
  id: number;
  /** Receipt number: delivery and place in it. Decides which of two statements is newer when the vendor does not. */
  receipt: number;
  state: 'new' | 'done' | 'dead';
}

/** Something that could not be read, kept whole until somebody replays or drops it. */
export interface NewDeadLetter {
  plugin: string;
  /** What failed: splitting a delivery, reading an envelope, fetching for a notice. */
  stage: 'split' | 'normalise' | 'fetch';
  code: string;
  /** What, why and what to do, without body values. */
  detail: string;
  athleteId: string | null;
  connectionId: string | null;
  /** The bytes of the item, when there are any and they are at most 64 KiB, else `blobSha256` under INBOX_OWNER. */
  body: Uint8Array | null;
  blobSha256: string | null;
  /** Set for stage `normalise`: the envelope to run again. */
  envelopeId: number | null;
  /** What a replay needs besides the bytes: headers of a delivery, or the notice to fetch. */
  replay: { [key: string]: unknown };
  atMs: number;
  /** The connection's generation it came under; once that has moved on, no letter is kept. Not stored. */
  generation?: number;
}

export interface DeadLetter extends Omit<NewDeadLetter, 'generation'> {
  id: number;
  replayedAtMs: number | null;
}

/** Identifies a fetch that a vendor asked for, so that the same ping fetches once. */
export interface NewNotice {
  plugin: string;
  athleteId: string;
  connectionId: string;
  generation: number;
  /** Hash of what the notice names. A second notice with the same hash is dropped. */
  sha256: string;
  /** What comes of it: a job that acts on it; a letter, and a line in the audit, where it must not be acted on. */
  outcome: { job: NewJob } | { letter: NewDeadLetter; audit: AuditEntry };
  receivedAtMs: number;
}

/** Everything the split of one delivery writes, in one transaction; the delivery itself goes. */
export interface SplitWrite {
  deliveryId: number;
  /** In the order of the delivery. One whose connection has moved on to another generation since is left out. */
  envelopes: NewEnvelope[];
  notices: NewNotice[];
  deadLetters: NewDeadLetter[];
  /** Items whose identity no connection has: counted, not stored. */
  unknownIdentities: number;
}

/** Which dead letters; what is left out lets every one pass. */
export interface LetterFilter {
  plugin?: string | undefined;
  stage?: string | undefined;
  code?: string | undefined;
  athleteId?: string | undefined;
  connectionId?: string | undefined;
  /** Stored at this time or later. */
  sinceMs?: number | undefined;
}

/** Which envelopes a mapping would read anew: those done that an older version of it read last. */
export interface ReadAnewFilter {
  plugin: string;
  mappingVersion: number;
  athleteId?: string | undefined;
  stream?: string | undefined;
  /** Received at this time or later. */
  sinceMs?: number | undefined;
}

export interface InboxStore {
  /** Durable when it resolves; the caller answers the vendor after that. Returns the delivery's id. */
  storeDelivery(delivery: NewDelivery): Promise<number>;
  /** Oldest deliveries that are not split yet. */
  nextDeliveries(limit: number): Promise<Delivery[]>;
  /**
   * Stores what a delivery was split into and drops it. An envelope with the same (connection or plugin and athlete,
   * stream, externalId, sha256) as a stored one is the same statement and is left out. Running it twice for one
   * delivery writes nothing the second time. Returns the ids of the envelopes stored.
   */
  splitDelivery(write: SplitWrite): Promise<{ envelopeIds: number[]; duplicates: number }>;
  /** Stores a delivery and its split in one go (imports). An envelope already stored is returned with `duplicate`. */
  storeImport(
    delivery: NewDelivery,
    envelope: NewEnvelope,
  ): Promise<{ envelopeId: number; receipt: number; duplicate: boolean }>;
  /** The stored envelope of the same statement as this one: what makes two the same is said at `splitDelivery`. */
  sameEnvelope(
    statement: Pick<
      NewEnvelope,
      'athleteId' | 'plugin' | 'connectionId' | 'generation' | 'stream' | 'externalId' | 'sha256'
    >,
  ): Promise<Envelope | null>;
  /** Oldest envelopes that are not normalised yet. */
  nextEnvelopes(limit: number): Promise<Envelope[]>;
  envelope(id: number): Promise<Envelope | null>;
  /** Marks an envelope dead with its letter; of one that is gone or dead already no letter is kept. */
  failEnvelope(id: number, letter: NewDeadLetter): Promise<void>;
  /** Puts it back to be read again; false when it is gone. */
  reopenEnvelope(id: number): Promise<boolean>;
  /** Its id; null where its connection has moved on to another generation. */
  storeDeadLetter(letter: NewDeadLetter): Promise<number | null>;
  /** Newest first, before `beforeId` where it is given. */
  deadLetters(filter: LetterFilter & { beforeId?: number | undefined; limit: number }): Promise<DeadLetter[]>;
  /** Letters nobody has replayed, oldest first, after `afterId`. */
  unreplayedLetters(filter: LetterFilter & { afterId: number; limit: number }): Promise<DeadLetter[]>;
  countLetters(filter: LetterFilter): Promise<{ all: number; unreplayed: number }>;
  removeLetters(ids: number[]): Promise<void>;
  deadLetter(id: number): Promise<DeadLetter | null>;
  markReplayed(id: number, atMs: number): Promise<void>;
  /** Hashes of all bytes under INBOX_OWNER that a delivery or a dead letter names. */
  inboxBlobs(): Promise<Set<string>>;
  /** Hashes of all bytes of an athlete that an envelope names or holds; none of one that has passed its retention. */
  envelopeBlobs(athleteId: string): Promise<Set<string>>;
  /** Envelopes to read anew that still have their bytes, newest receipt first, after the place of another. */
  envelopesToReadAnew(
    filter: ReadAnewFilter,
    after: { receipt: number; id: number } | null,
    limit: number,
  ): Promise<Envelope[]>;
  /** How many there are, and how many more whose bytes have passed their retention. */
  countToReadAnew(filter: ReadAnewFilter): Promise<{ envelopes: number; withoutBytes: number }>;
  /** Whose they are, in the order of their ids. */
  athletesToReadAnew(filter: ReadAnewFilter): Promise<string[]>;
  /** Hashes of the bytes that envelopes of a connection before a generation name or hold. */
  connectionBlobs(connectionId: string, beforeGeneration: number): Promise<Set<string>>;
  /** Deletes what came in by a connection before a generation: envelopes and notices; dead letters all. */
  eraseInbox(connectionId: string, beforeGeneration: number): Promise<void>;
  /** How many deliveries and envelopes wait. Asked at every turn, so it must not cost more as letters gather. */
  inboxLength(): Promise<number>;
  /** `deadLetters`: those nobody has replayed. */
  inboxCounts(): Promise<{
    deliveries: number;
    envelopesNew: number;
    envelopesDead: number;
    deadLetters: number;
    unknownIdentities: number;
  }>;
}
