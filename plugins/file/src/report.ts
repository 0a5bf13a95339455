/** Rows of an import report: one per session, or one that says why there is none. Never stored. */
import type { ClaimDraft, Note } from '@coach-hub/core';
import type { DecodedActivityFile, DecodedSession, NoActivityFile, UnreadableFile } from '@coach-hub/core/formats';
import type { JsonObject } from '@coach-hub/core/wire';

/** Figures of one session, as the file states them. */
export interface SessionReport {
  part: number;
  /** `partial`: readable in part; `notes` say what is missing. */
  status: 'complete' | 'partial';
  sport: string;
  startedAtMs: number | null;
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
  /** Codes of what was noticed in this session or the whole file. */
  notes: string[];
}

/** Why a file gave no session. */
export interface FailureReport {
  status: 'no_activity' | 'unreadable';
  code: string;
  /** One sentence for the athlete. */
  what: string;
  records: number;
  laps: number;
}

/** Figures are those that are kept: what the claim of a session says. */
export function reportOfSessions(
  file: DecodedActivityFile,
  claims: readonly ClaimDraft[],
  notes: readonly Note[],
): SessionReport[] {
  return file.sessions.map((session, index) => ({
    ...figuresOf(session, claims[index]?.fields ?? {}),
    status: file.status,
    notes: codesFor(session.part, notes),
  }));
}

/** A course has records and laps too; what cannot be read has none. */
export function reportOfFailure(failure: NoActivityFile | UnreadableFile): FailureReport {
  const { status, code, what } = failure;
  const { records, laps } = status === 'no_activity' ? failure : { records: 0, laps: 0 };
  return { status, code, what, records, laps };
}

function figuresOf(
  { part, sport, records, recordsSetAside, laps }: DecodedSession,
  fields: JsonObject,
): Omit<SessionReport, 'status' | 'notes'> {
  const number = (name: string): number | null => {
    const value = fields[name];
    return typeof value === 'number' ? value : null;
  };
  return {
    part,
    sport,
    startedAtMs: typeof fields.startedAt === 'string' ? Date.parse(fields.startedAt) : null,
    distanceM: number('distanceM'),
    elapsedS: number('elapsedS'),
    timerS: number('timerS'),
    avgHeartRateBpm: number('avgHeartRateBpm'),
    maxHeartRateBpm: number('maxHeartRateBpm'),
    ascentM: number('ascentM'),
    records,
    recordsSetAside,
    laps: laps.length,
  };
}

/** A note without a part is about the whole file. Each code once: a damaged file can repeat one thousands of times. */
function codesFor(part: number, notes: readonly Note[]): string[] {
  const own = notes.filter(({ params }) => params?.part === undefined || params.part === part);
  return [...new Set(own.map(({ code }) => code))];
}
