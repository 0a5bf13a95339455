/** What is kept of a fetch that did not bring anything: a letter, and a line in the audit where it must not be made. */
import type { HubError } from '../error/hub-error.ts';
import type { AuditEntry } from '../store/connection-store.ts';
import type { NewDeadLetter } from '../store/inbox-store.ts';
import type { FetchPayload } from './fetch-job.ts';

/** @param detail what, why and what to do. */
export function fetchLetter(payload: FetchPayload, code: string, detail: string, nowMs: number): NewDeadLetter {
  return {
    plugin: payload.plugin,
    stage: 'fetch',
    code,
    detail,
    athleteId: payload.athleteId,
    connectionId: payload.connectionId,
    body: null,
    blobSha256: null,
    envelopeId: null,
    replay: { payload },
    atMs: nowMs,
  };
}

/** @param error why the address must not be called. */
export function refusedFetch(
  payload: FetchPayload,
  error: HubError,
  nowMs: number,
): { letter: NewDeadLetter; audit: AuditEntry } {
  return {
    letter: fetchLetter(payload, error.code, `${error.what} ${error.why} ${error.fix}`, nowMs),
    audit: {
      atMs: nowMs,
      athleteId: payload.athleteId,
      actor: `provider:${payload.plugin}`,
      action: 'egress_refused',
      params: { connectionId: payload.connectionId, stream: payload.stream },
    },
  };
}
