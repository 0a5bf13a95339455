/**
 * The hub: every service of core behind one object. `server` and `cli` call it and print; rules live here.
 *
 * Every method that takes an `athleteId` answers for that athlete alone; an id of somebody else is `not_found`.
 */
import type { Readable } from 'node:stream';
import type { ObjectChange } from '../ledger/object-change.ts';
import type { Reading } from '../metrics/metric.ts';
import type { RunningFake } from '../provider/fake.ts';
import type { RequestHeaders, WebhookAnswer } from '../provider/webhook.ts';
import type { ConnectionRow, ConnectionState } from '../store/connection-store.ts';
import type { DeadLetter, LetterFilter } from '../store/inbox-store.ts';
import type { DiskUse } from '../store/retention-store.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import type { PullRequest, PushRequest, SyncRequest, WireObject } from '../wire/sync.ts';
import type { KeyService } from './hub-keys.ts';

/** One plugin as found at start. */
export interface PluginInfo {
  id: string;
  displayName: string;
  kinds: string[];
  packageName: string;
  version: string;
  /** Where it was found: `config`, `dependency` or `flag`. */
  foundBy: 'config' | 'dependency' | 'flag';
  state: 'ready' | 'quarantined';
  /** Why it is quarantined, and what to do. */
  reason: string | null;
  /** Variables to set before accounts can be connected to it. It is ready all the same: it needs no vendor to load. */
  missing: string[];
  streams: string[];
  /** Whether `coach fake <id>` works. */
  hasFake: boolean;
}

export interface PluginService {
  list(): PluginInfo[];
  /** Starts the plugin's fake vendor. @throws HubError `not_supported` where it has none. */
  startFake(id: string, options: { port: number }): Promise<RunningFake>;
}

/** A webhook request as the server read it, the body still a stream. */
export interface InboundRequest {
  method: string;
  headers: RequestHeaders;
  query: { readonly [name: string]: string };
  /** Of a stream, a piece is good until the next is asked for. */
  body: AsyncIterable<Uint8Array> | Uint8Array | null;
  /** From Content-Length, when it came. */
  contentLength: number | null;
}

export interface InboxCounts {
  deliveries: number;
  envelopesNew: number;
  envelopesDead: number;
  deadLetters: number;
  unknownIdentities: number;
}

export interface ReplayOutcome {
  id: number;
  outcome: 'replayed' | 'would_replay' | 'already_replayed' | 'failed' | 'not_found';
  detail: string | null;
}

export interface InboxService {
  /**
   * Verifies, stores, answers. Resolves when the delivery is on disk, never later than it must be.
   * @throws HubError `not_found` (unknown plugin, wrong secret), `payload_too_large`, `busy` (not stored: the vendor retries).
   */
  accept(pluginId: string, secret: string | null, request: InboundRequest): Promise<WebhookAnswer>;
  /** Newest first, before `beforeId` where it is given; at most 200, or `limit`. */
  deadLetters(filter: LetterFilter & { beforeId?: number; limit?: number }): Promise<DeadLetter[]>;
  countLetters(filter: LetterFilter): Promise<{ all: number; unreplayed: number }>;
  deadLetter(id: number): Promise<DeadLetter>;
  /**
   * Runs dead letters through the present adapters again, those of a filter that nobody has replayed, or by their ids.
   * With `dryRun` it tells what would happen and writes nothing. One that was replayed is left alone.
   */
  replay(selection: LetterFilter & { ids?: number[] }, options: { dryRun: boolean }): Promise<ReplayOutcome[]>;
  counts(): Promise<InboxCounts>;
  /** Resolves when everything received so far is split, fetched and in the ledger. */
  idle(): Promise<void>;
}

/** A connection as its athlete may see it: no token in any form. */
export interface ConnectionView {
  connectionId: string;
  provider: string;
  displayName: string;
  state: ConnectionState;
  reason: string | null;
  permissions: string[];
  streams: { [name: string]: 'granted' | 'missing' | 'paused' | 'unsupported' };
  connectedAt: string | null;
}

/** What becomes of the provider's redirect: it ends here, or goes on to the app that waits for it. */
export type ConnectRedirect =
  | { type: 'connected'; connection: ConnectionView }
  | { type: 'to_app'; returnUrl: string; code: string; state: string };

export interface ConnectService {
  /** First step: an address for the athlete's browser. `returnUrl` must be on the allow list. */
  start(input: { athleteId: string; clientId: string | null; provider: string; returnUrl: string | null }): Promise<{
    connectionId: string;
    authorizeUrl: string;
    expiresAt: string;
  }>;
  /**
   * The provider's redirect in the athlete's browser. Where an app waits, nothing is connected yet: the browser goes
   * there with code and state, because only the app can say whose browser it is; `finish` does the rest.
   * @throws HubError `state_invalid`, `consent_denied`, `oauth_misconfigured`, `provider_unavailable`,
   *   `return_url_not_allowed`.
   */
  callback(provider: string, query: { readonly [name: string]: string }): Promise<ConnectRedirect>;
  /**
   * Last step where an app waits. A state is good once, for the athlete and client that started it.
   * @throws HubError `state_invalid`, `oauth_misconfigured`, `provider_unavailable`.
   */
  finish(input: {
    athleteId: string;
    clientId: string | null;
    provider: string;
    code: string;
    state: string;
  }): Promise<ConnectionView>;
  list(athleteId: string): Promise<ConnectionView[]>;
  /** Ends the connection: tokens gone at once, authorisation revoked at the provider. `erase` withdraws its claims. */
  disconnect(input: { athleteId: string; connectionId: string; erase: boolean }): Promise<ConnectionView>;
  /** The row, for services of core. */
  row(connectionId: string): Promise<ConnectionRow | null>;
}

/** One line of `coach import`: one session of one file, or why there is none. */
export interface ImportRow {
  file: string;
  status: 'imported' | 'partial' | 'duplicate' | 'no_activity' | 'unreadable';
  objectId: string | null;
  sport: string | null;
  /** ISO 8601 UTC with milliseconds. */
  startedAt: string | null;
  distanceM: number | null;
  elapsedS: number | null;
  timerS: number | null;
  avgHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  ascentM: number | null;
  /** Decoded record messages, before implausible ones are set aside. */
  records: number;
  recordsSetAside: number;
  laps: number;
  /** Codes of what was noticed; docs/errors.md lists them, and those of errors. */
  notes: string[];
  error: { code: string; what: string; fix: string } | null;
}

export interface ImportService {
  /** Bytes of the largest file that is read. */
  maxFileBytes(): number;
  /**
   * Reads one file into the athlete's ledger and reports a row per session. Never throws for what a file holds. Bytes
   * that were imported before are not decoded again, unless their meaning has changed since.
   */
  importFile(input: {
    athleteId: string;
    fileName: string;
    bytes: Uint8Array;
    timeZone: string | null;
    signal?: AbortSignal;
  }): Promise<ImportRow[]>;
}

export interface RenormaliseInput {
  /** Default: every provider. */
  plugin?: string | undefined;
  athleteId?: string | undefined;
  stream?: string | undefined;
  /** Only envelopes received at this time or later. */
  sinceMs?: number | undefined;
  /** Tells what would change and writes nothing. */
  dryRun: boolean;
  /** Stops after the envelope at hand. */
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What became of the envelopes of one provider. */
export interface RenormaliseReport {
  plugin: string;
  mappingVersion: number;
  /** Those an older mapping read last and whose bytes are stored. */
  envelopes: number;
  /** More of them, whose bytes have passed their retention: what they said stays as it was read. */
  withoutBytes: number;
  read: number;
  /** Those today's mapping cannot read: what they said stays as it was read. */
  failed: { envelopeId: number; stream: string; code: string }[];
  /** Erased while the run was under way. */
  erased: number;
}

export interface Renormalised {
  dryRun: boolean;
  /** By its signal, before it was done. The next run goes on. */
  stopped: boolean;
  objects: number;
  plugins: RenormaliseReport[];
}

export interface RenormaliseService {
  /**
   * Reads stored envelopes anew, newest first, where an adapter's `mappingVersion` was raised since. Yields objects whose
   * view changes: with `dryRun` each once, as it would look in the end; else as they are written, batch by batch.
   * @throws HubError `not_found` for a plugin that is not there.
   */
  run(input: RenormaliseInput): AsyncGenerator<ObjectChange, Renormalised>;
}

/** One class of what was pruned. `days` is its retention; null for bytes, which go once nothing names them. */
export interface PrunedClass {
  what: string;
  days: number | null;
  count: number;
  bytes: number | null;
}

export interface PruneReport {
  dryRun: boolean;
  /** By its signal, before it was done. */
  stopped: boolean;
  pruned: PrunedClass[];
}

export interface RetentionService {
  /**
   * Removes what has passed its retention, in small steps. With `dryRun` it counts and removes nothing.
   * @param input.withBlobs whether athletes' bytes that nothing names are looked for: it reads every claim. Default true.
   */
  prune(input: { dryRun: boolean; withBlobs?: boolean; signal?: AbortSignal }): Promise<PruneReport>;
  /** Room taken, by what takes it. It reads the whole database: seldom. */
  diskUse(): Promise<DiskUse>;
}

export interface SyncCaller {
  athleteId: string;
  clientId: string;
  schemaVersion: number | null;
}

/** Bodies are JSON text: stored objects go out by concatenation. */
export interface SyncService {
  sync(caller: SyncCaller, request: SyncRequest): Promise<string>;
  push(caller: SyncCaller, request: PushRequest): Promise<string>;
  pull(caller: SyncCaller, request: PullRequest): Promise<string>;
  head(athleteId: string): Promise<{ epoch: string; rev: number }>;
  /** Calls back after commits of this athlete, at most once per `coalesceMs` (trailing). Returns the unsubscribe. */
  subscribe(athleteId: string, onRev: (rev: number) => void): () => void;
}

/** How one field came to be. */
export interface FieldExplanation {
  field: string;
  value: unknown;
  unit: string | null;
  class: string;
  /** Source that decided: `provider:<id>`, `athlete`, `override`, `engine:<id>`, `derived`. */
  decidedBy: string;
  /** The rule in one sentence. */
  rule: string;
  /** What the others say. */
  others: { source: string; value: unknown }[];
}

export interface Explanation {
  kind: Kind;
  id: string;
  rev: number;
  day: string | null;
  deleted: boolean;
  /** Other ids that lead here. */
  aliases: string[];
  sources: { source: string; form: string; externalId: string; origin: string; receipt: number; fields: number }[];
  fields: FieldExplanation[];
}

export interface SeriesAnswer {
  kind: Kind;
  id: string;
  /** One entry per source claim: its channels share its `timeS`. */
  series: { source: string; points: number; timeS: number[]; channels: { [channel: string]: (number | null)[] } }[];
}

export interface ObjectService {
  get(athleteId: string, kind: string, id: string): Promise<WireObject & { provenance: { [field: string]: string } }>;
  list(
    athleteId: string,
    kind: string,
    filter: { fromDay?: string; toDay?: string; limit?: number },
  ): Promise<WireObject[]>;
  explain(athleteId: string, kind: string, id: string): Promise<Explanation>;
  series(
    athleteId: string,
    kind: string,
    id: string,
    options: { channels?: string[]; points?: number },
  ): Promise<SeriesAnswer>;
  /** The original file, byte for byte. @throws HubError `blob_missing` where no source brought one. */
  file(
    athleteId: string,
    kind: string,
    id: string,
  ): Promise<{ name: string | null; mediaType: string; bytes: number; body: Readable }>;
}

export interface HealthReport {
  ok: boolean;
  /** One that is `ok` and still has a `fix` is a warning: the hub works, but not all of it. */
  checks: { name: string; ok: boolean; detail: string; fix: string | null }[];
}

export interface HealthService {
  /** Alive: the process answers. */
  live(): { ok: true };
  /** Ready: database reachable and migrated, workers running. */
  ready(): Promise<HealthReport>;
  /** Everything `coach doctor` shows. */
  doctor(): Promise<HealthReport & { counts: JsonObject; diskUse: DiskUse; plugins: PluginInfo[] }>;
}

export interface GaugeService {
  /** What waits, what is connected, what is left: figures of this moment or of a few seconds ago. */
  read(): Promise<Reading[]>;
}

export interface AthleteService {
  /** Makes the athlete where there is none. */
  ensure(athleteId: string): Promise<void>;
  /** Athlete of an app user's token; made on first sight, under `firstId` where one is given (development tokens). */
  ofSubject(issuer: string, subject: string, firstId?: string): Promise<string>;
}

export interface Hub {
  plugins: PluginService;
  athletes: AthleteService;
  inbox: InboxService;
  connect: ConnectService;
  importer: ImportService;
  renormalise: RenormaliseService;
  retention: RetentionService;
  sync: SyncService;
  objects: ObjectService;
  health: HealthService;
  keys: KeyService;
  gauges: GaugeService;
  /** Starts the workers: splitting, fetching, normalising, jobs. */
  start(): void;
  /**
   * Stops taking work, finishes what is in hand, closes the database. What is not finished after `workMs` (default 10 s)
   * is broken off; it is stored, and the next start goes on with it.
   */
  close(options?: { workMs?: number }): Promise<void>;
}
