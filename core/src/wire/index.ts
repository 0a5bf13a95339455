/** What the phone and the hub share: types and limits, nothing that runs. */
export type { Json, JsonObject } from './json.ts';
export { KINDS, type Kind } from './kinds.ts';
export {
  MAX_OUTBOX_ENTRIES,
  MAX_PULL_BYTES,
  MAX_PULL_OBJECTS,
  MAX_PUSH_BYTES,
  MAX_PUSH_MUTATIONS,
  MAX_STAMP_AHEAD_MS,
  MAX_TEXT_CHARS,
  PROTOCOL_VERSION,
  SCHEMA_VERSION,
  TICKET_TTL_S,
} from './limits.ts';
export type {
  FieldOutcome,
  Mutation,
  MutationOp,
  MutationResult,
  MutationStatus,
  PullChange,
  PullRequest,
  PullResponse,
  PushRequest,
  PushResponse,
  RejectCode,
  SnapshotReason,
  SyncProblem,
  SyncRequest,
  SyncResponse,
  Window,
  WireObject,
} from './sync.ts';
