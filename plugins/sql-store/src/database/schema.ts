/** The tables as kysely sees them. What each one is for stands over its migration. */
import type { Generated } from 'kysely';

/** 0 or 1: SQLite has no boolean. */
type Flag = number;
/** A JSON document, kept byte for byte. */
type JsonText = string;

export interface Schema {
  migration: { name: string; version: string; applied_at_ms: number };
  server: { one: number; epoch: string };
  counter: { name: string; value: number };

  athlete: {
    athlete_id: string;
    epoch_n: number;
    rev: number;
    floor: number;
    time_zone: string | null;
    source_priority: JsonText | null;
  };
  subject: { issuer: string; subject: string; athlete_id: string };

  object: {
    oid: Generated<number>;
    athlete_id: string;
    kind: string;
    id: string;
    rev: number;
    created_rev: number;
    day: string | null;
    started_at_ms: number | null;
    deleted: Flag;
    data: JsonText;
    alt: JsonText | null;
  };
  object_state: { oid: number; state: JsonText };
  claim_key: { athlete_id: string; claim_key: string; kind: string; id: string };
  alias: { athlete_id: string; kind: string; old_id: string; object_id: string; rev: number };

  client: {
    client_id: string;
    athlete_id: string;
    ack_seq: number;
    durable_seq: number;
    served_rev: number;
    schema_version: number | null;
    last_seen_ms: number;
  };
  mutation: {
    athlete_id: string;
    mid: string;
    client_id: string;
    seq: number | null;
    body_sha256: string;
    result: JsonText;
    at_ms: number;
  };
  dead_mutation: {
    athlete_id: string;
    mid: string;
    client_id: string;
    code: string;
    body: string;
    at_ms: number;
  };

  delivery: {
    id: Generated<number>;
    plugin: string;
    route: string;
    headers: JsonText;
    body: Uint8Array | null;
    blob_sha256: string | null;
    bytes: number;
    received_at_ms: number;
    context: JsonText | null;
    repeats_id: number | null;
    repeats_place: number | null;
  };
  envelope: {
    id: Generated<number>;
    athlete_id: string;
    plugin: string;
    connection_id: string | null;
    generation: number;
    stream: string;
    external_id: string | null;
    sha256: string;
    body: Uint8Array | null;
    blob_sha256: string | null;
    bytes: number;
    received_at_ms: number;
    ref: JsonText;
    receipt: number;
    state: string;
    notes: JsonText | null;
    mapping_version: number;
  };
  notice: {
    plugin: string;
    connection_id: string;
    generation: number;
    sha256: string;
    athlete_id: string;
    received_at_ms: number;
  };
  dead_letter: {
    id: Generated<number>;
    plugin: string;
    stage: string;
    code: string;
    detail: string;
    athlete_id: string | null;
    connection_id: string | null;
    body: Uint8Array | null;
    blob_sha256: string | null;
    envelope_id: number | null;
    replay: JsonText;
    at_ms: number;
    replayed_at_ms: number | null;
  };

  connection: {
    connection_id: string;
    athlete_id: string;
    plugin: string;
    state: string;
    generation: number;
    identity: string | null;
    permissions: JsonText;
    sealed_tokens: string | null;
    token_expires_at_ms: number | null;
    connected_at_ms: number | null;
    reason: string | null;
  };
  attempt: {
    state_sha256: string;
    athlete_id: string;
    client_id: string | null;
    plugin: string;
    connection_id: string;
    sealed_verifier: string;
    redirect_uri: string;
    return_url: string | null;
    expires_at_ms: number;
  };
  lease: { name: string; owner: string; until_ms: number };
  audit: {
    id: Generated<number>;
    at_ms: number;
    athlete_id: string | null;
    actor: string;
    action: string;
    params: JsonText;
  };

  job: {
    id: Generated<number>;
    task: string;
    payload: JsonText;
    key: string | null;
    lane: string | null;
    state: string;
    priority: number;
    run_at_ms: number;
    attempts: number;
    max_attempts: number;
    claims: number;
    lease_until_ms: number | null;
    last_error: string | null;
    died_at_ms: number | null;
  };
  blob: { athlete_id: string; sha256: string; bytes: number; body: Uint8Array; stored_at_ms: number };
  large_blob: { athlete_id: string; sha256: string; draft: string; bytes: number; stored_at_ms: number };
  blob_part: { draft: string; part: number; body: Uint8Array };
  blob_draft: { draft: string; touched_at_ms: number };
}
