/** Files by hand: `coach import` and uploads. One row per session; what a file holds never throws. */
import { createHash } from 'node:crypto';
import type { ErrorCode } from '../error/catalogue.ts';
import { HubError } from '../error/hub-error.ts';
import { claimKeyOf } from '../ledger/claim.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { Normalised } from '../provider/envelope.ts';
import { emptyImportRow } from './empty-import-row.ts';
import type { ImportRow, ImportService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { ingestNormalised } from './ingest.ts';
import { putBytes } from './stored-bytes.ts';

/** What a file adapter reports per session, in the order of its claims. */
export interface SessionReport {
  status: 'complete' | 'partial';
  sport: string | null;
  startedAtMs: number | null;
  distanceM: number | null;
  elapsedS: number | null;
  timerS: number | null;
  avgHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  ascentM: number | null;
  records: number;
  recordsSetAside: number;
  laps: number;
  notes: string[];
}

/** What it reports for a file that holds no activity. */
export interface RefusalReport {
  status: 'no_activity' | 'unreadable';
  code: string;
  what: string;
  records: number;
  laps: number;
}

type Report = SessionReport | RefusalReport;
type Parts = Pick<HubParts, 'store' | 'blobs' | 'bytesGate' | 'plugins' | 'normalisePool' | 'clock' | 'random'>;

const FIX: { readonly [status: string]: string } = {
  no_activity: 'Nothing to do: only what was recorded, with its times, is an activity.',
  unreadable: 'Check that the file is a whole FIT, TCX or GPX file, or export it again from the device.',
};

function refusalRow(file: string, report: RefusalReport): ImportRow {
  const { status, code, what, records, laps } = report;
  return { ...emptyImportRow(file, status), records, laps, error: { code, what, fix: FIX[status] ?? '' } };
}

function failureRow(file: string, error: unknown): ImportRow {
  const story =
    error instanceof HubError ? { code: error.code, what: `${error.what} ${error.why}`, fix: error.fix } : null;
  const code = 'file_unreadable' satisfies ErrorCode;
  const fallback = { code, what: 'The file could not be read.', fix: FIX.unreadable ?? '' };
  return { ...emptyImportRow(file, 'unreadable'), error: story ?? fallback };
}

function sessionRow(file: string, report: SessionReport, objectId: string | null, duplicate: boolean): ImportRow {
  return {
    file,
    status: duplicate ? 'duplicate' : report.status === 'partial' ? 'partial' : 'imported',
    objectId,
    sport: report.sport,
    startedAt: report.startedAtMs === null ? null : new Date(report.startedAtMs).toISOString(),
    distanceM: report.distanceM,
    elapsedS: report.elapsedS,
    timerS: report.timerS,
    avgHeartRateBpm: report.avgHeartRateBpm,
    maxHeartRateBpm: report.maxHeartRateBpm,
    ascentM: report.ascentM,
    records: report.records,
    recordsSetAside: report.recordsSetAside,
    laps: report.laps,
    notes: report.notes,
    error: null,
  };
}

function isRefusal(report: Report): report is RefusalReport {
  return report.status === 'no_activity' || report.status === 'unreadable';
}

export function createImportService(parts: Parts): ImportService {
  function fileProvider(): LoadedProvider {
    const provider = parts.plugins.providers().find(({ adapter }) => adapter.file !== undefined);
    if (provider !== undefined) return provider;
    throw new HubError('not_supported', {
      what: 'Files cannot be imported.',
      why: 'No plugin that reads files was found.',
      fix: 'Add one to the project; "coach plugin list" shows what was found.',
    });
  }

  async function store(
    input: { athleteId: string; fileName: string; bytes: Uint8Array; timeZone: string | null },
    sha256: string,
    provider: LoadedProvider,
    normalised: Normalised,
  ) {
    const { athleteId, bytes, fileName, timeZone } = input;
    const { adapter } = provider;
    const stream = adapter.file?.stream ?? 'file';
    const nowMs = parts.clock.now();
    const place = await putBytes(parts.blobs, athleteId, bytes);
    const ref = { fileName, timeZone };
    const context = { athleteId, connectionId: null, generation: 0, ref };
    const stored = await parts.store.storeImport(
      {
        plugin: adapter.id,
        route: 'import',
        headers: {},
        body: null,
        blobSha256: null,
        bytes: bytes.length,
        receivedAtMs: nowMs,
        context,
      },
      {
        athleteId,
        plugin: adapter.id,
        connectionId: null,
        generation: 0,
        stream,
        externalId: sha256,
        sha256,
        ...place,
        bytes: bytes.length,
        receivedAtMs: nowMs,
        ref,
      },
    );
    const envelope = {
      id: stored.envelopeId,
      receipt: stored.receipt,
      athleteId,
      plugin: adapter.id,
      connectionId: null,
      generation: 0,
      sha256,
    };
    const outcome = await ingestNormalised(parts, envelope, adapter.mappingVersion, normalised, bytes);
    return { outcome, duplicate: stored.duplicate };
  }

  return {
    async importFile(input) {
      const { fileName, bytes } = input;
      const provider = fileProvider();
      const limit = provider.adapter.file?.maxBytes ?? Number.POSITIVE_INFINITY;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      try {
        if (bytes.length > limit) {
          return [
            refusalRow(fileName, {
              status: 'unreadable',
              code: 'payload_too_large',
              what: `The file is larger than ${limit} bytes.`,
              records: 0,
              laps: 0,
            }),
          ];
        }
        const stream = provider.adapter.file?.stream ?? 'file';
        const view = { stream, externalId: sha256, bytes, sha256, ref: { fileName, timeZone: input.timeZone } };
        const normalised = await parts.normalisePool.normalise(provider, view, { signal: input.signal });
        const reports = (normalised.report ?? []) as Report[];
        if (normalised.claims.length === 0) {
          return reports.filter(isRefusal).map((report) => refusalRow(fileName, report));
        }
        const { outcome, duplicate } = await parts.bytesGate.storing([input.athleteId], () =>
          store(input, sha256, provider, normalised),
        );
        return normalised.claims.map((draft, index) => {
          const key = claimKeyOf({ ...draft, provider: provider.adapter.id, connectionId: null });
          return sessionRow(fileName, reports[index] as SessionReport, outcome.objectIds.get(key) ?? null, duplicate);
        });
      } catch (error) {
        if (error instanceof HubError && error.retry === 'later') throw error;
        return [failureRow(fileName, error)];
      }
    },
  };
}
