/** How things stand, for whoever has to help: no value that an athlete wrote or a device measured, no id, no token. */
import type { CoachEvent } from './events.ts';
import type { LocalDatabase } from './local/database.ts';
import { loadMeta } from './local/meta.ts';
import { readEntries } from './local/outbox.ts';
import type { CoachStatus } from './sync/report.ts';

export interface Diagnostics {
  /** ISO 8601. */
  at: string;
  status: Omit<CoachStatus, 'lastError'> & { lastError: string | null };
  epoch: string | null;
  sweeping: string | null;
  /** Objects here by kind. */
  objects: { [kind: string]: number };
  /** Changes that wait, oldest first: what they are about, never what they say. */
  outbox: { kind: string; op: string; fields: string[]; isSent: boolean; ageMs: number | null }[];
  journal: number;
  deadLetters: { kind: string; op: string; code: string; at: number }[];
  events: { [field: string]: unknown }[];
}

const MAX_ENTRIES = 200;

/** What of an event says nothing about the athlete. */
function redacted(event: CoachEvent): { [field: string]: unknown } {
  if (event.type !== 'sync_ended') return { ...event };
  const { error, ...report } = event.report;
  return { ...event, report: { ...report, error: error?.code ?? null } };
}

export async function diagnose(
  local: LocalDatabase,
  nowMs: number,
  status: CoachStatus,
  events: readonly CoachEvent[],
): Promise<Diagnostics> {
  return await local.read(async (sql) => {
    const meta = await loadMeta(sql);
    const objects = await sql.all<{ kind: string; n: number }>('SELECT kind, count(*) AS n FROM object GROUP BY kind');
    const entries = await readEntries(sql, 'outbox o ORDER BY o.pos LIMIT ?', [MAX_ENTRIES]);
    const [journal] = await sql.all<{ n: number }>('SELECT count(*) AS n FROM journal');
    const letters = await sql.all<{ kind: string; op: string; code: string; at: number }>(
      "SELECT kind, body->>'op' AS op, code, at FROM dead_letter ORDER BY at LIMIT ?",
      [MAX_ENTRIES],
    );
    return {
      at: new Date(nowMs).toISOString(),
      status: { ...status, lastError: status.lastError?.code ?? null },
      epoch: meta.epoch,
      sweeping: meta.sweeping,
      objects: Object.fromEntries(objects.map(({ kind, n }) => [kind, n])),
      outbox: entries.map(({ kind, seq, body }) => ({
        kind,
        op: body.op,
        fields: [...Object.keys(body.set ?? {}), ...(body.unset ?? [])],
        isSent: seq !== null,
        ageMs: nowMs + meta.clockOffsetMs - Number.parseInt(body.stamp, 10) || null,
      })),
      journal: journal?.n ?? 0,
      deadLetters: letters,
      events: events.map(redacted),
    };
  });
}
