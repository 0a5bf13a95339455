/** Files by hand: `coach import` and uploads. One row per session; what a file holds never throws. */
import { createHash } from 'node:crypto';
import type { ErrorCode } from '../error/catalogue.ts';
import { HubError } from '../error/hub-error.ts';
import { instantText } from '../formats/instant-text.ts';
import { claimKeyOf } from '../ledger/claim.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { Normalised, Ref } from '../provider/envelope.ts';
import type { Envelope } from '../store/inbox-store.ts';
import { emptyImportRow } from './empty-import-row.ts';
import type { ImportRow, ImportService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { keptReport, reportOf } from './import-report.ts';
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
interface ImportedFile {
  athleteId: string;
  fileName: string;
  bytes: Uint8Array;
  timeZone: string | null;
}
type Parts = Pick<HubParts, 'store' | 'blobs' | 'bytesGate' | 'plugins' | 'adapterPool' | 'clock' | 'random'>;

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
    startedAt: instantText(report.startedAtMs),
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

  /** The envelope these bytes came in before, whatever they were called then. */
  function envelopeOf(athleteId: string, sha256: string, { adapter }: LoadedProvider): Promise<Envelope | null> {
    const stream = streamOf(adapter);
    const statement = { athleteId, plugin: adapter.id, connectionId: null, generation: 0, stream, sha256 };
    return parts.store.sameEnvelope({ ...statement, externalId: sha256 });
  }

  /** Rows of a file that was imported before, without decoding it; `null` when that is not certain. */
  async function rowsAsBefore(
    file: ImportedFile,
    known: Envelope,
    mappingVersion: number,
  ): Promise<ImportRow[] | null> {
    const sessions = known.state === 'done' ? reportOf<SessionReport>(known.ref, mappingVersion) : null;
    if (sessions === null) return null;
    const rows: ImportRow[] = [];
    for (const { claimKey, report } of sessions) {
      const [holder] = await parts.store.claimHolders(file.athleteId, claimKey, '', 1);
      if (holder?.claimKey !== claimKey) return null;
      rows.push(sessionRow(file.fileName, report, holder.id, true));
    }
    return rows;
  }

  async function store(
    { athleteId, bytes, fileName, timeZone }: ImportedFile,
    sha256: string,
    { adapter }: LoadedProvider,
    { normalised, report }: { normalised: Normalised; report: Ref },
  ) {
    const receivedAtMs = parts.clock.now();
    const place = await putBytes(parts.blobs, athleteId, bytes);
    const owner = { athleteId, connectionId: null, generation: 0 };
    const ref = { fileName, timeZone };
    const stored = await parts.store.storeImport(
      {
        plugin: adapter.id,
        route: 'import',
        headers: {},
        body: null,
        blobSha256: null,
        bytes: bytes.length,
        receivedAtMs,
        context: { ...owner, ref },
      },
      {
        ...owner,
        plugin: adapter.id,
        stream: streamOf(adapter),
        externalId: sha256,
        sha256,
        ...place,
        bytes: bytes.length,
        receivedAtMs,
        ref: { ...ref, ...report },
      },
    );
    const envelope = { ...owner, id: stored.envelopeId, receipt: stored.receipt, plugin: adapter.id, sha256 };
    return ingestNormalised(parts, envelope, adapter.mappingVersion, normalised, bytes);
  }

  /** Decodes, stores, and hands to the ledger. */
  async function takeIn(file: ImportedFile, sha256: string, provider: LoadedProvider, signal?: AbortSignal) {
    const { fileName, timeZone, bytes, athleteId } = file;
    const { adapter } = provider;
    const known = await envelopeOf(athleteId, sha256, provider);
    const before = known === null ? null : await rowsAsBefore(file, known, adapter.mappingVersion);
    if (before !== null) return before;
    const view = { stream: streamOf(adapter), externalId: sha256, bytes, sha256, ref: { fileName, timeZone } };
    const normalised = await parts.adapterPool.normalise(provider, view, { signal });
    const reports = (normalised.report ?? []) as Report[];
    if (normalised.claims.length === 0) {
      return reports.filter(isRefusal).map((report) => refusalRow(fileName, report));
    }
    const sessions = normalised.claims.map((draft, index) => ({
      claimKey: claimKeyOf({ ...draft, provider: adapter.id, connectionId: null }),
      report: reports[index] as SessionReport,
    }));
    const report = keptReport(adapter.mappingVersion, sessions);
    const { objectIds } = await parts.bytesGate.storing([athleteId], () =>
      store(file, sha256, provider, { normalised, report }),
    );
    // One that was stored and not read is no duplicate: the process ended in between, and this one finished its work.
    const isDuplicate = known !== null && known.state !== 'new';
    return sessions.map(({ claimKey, report }) =>
      sessionRow(fileName, report, objectIds.get(claimKey) ?? null, isDuplicate),
    );
  }

  return {
    maxFileBytes: () => maxBytesOf(fileProvider()),
    async importFile({ signal, ...file }) {
      const provider = fileProvider();
      const maxBytes = maxBytesOf(provider);
      if (file.bytes.length > maxBytes) return [tooLargeRow(file.fileName, maxBytes)];
      const sha256 = createHash('sha256').update(file.bytes).digest('hex');
      try {
        return await takeIn(file, sha256, provider, signal);
      } catch (error) {
        if (error instanceof HubError && error.retry === 'later') throw error;
        return [failureRow(file.fileName, error)];
      }
    },
  };
}

function streamOf({ file }: ProviderAdapter): string {
  return file?.stream ?? 'file';
}

function maxBytesOf({ adapter }: LoadedProvider): number {
  return adapter.file?.maxBytes ?? Number.POSITIVE_INFINITY;
}

function tooLargeRow(file: string, maxBytes: number): ImportRow {
  const what = `The file is larger than ${maxBytes} bytes.`;
  return refusalRow(file, { status: 'unreadable', code: 'payload_too_large', what, records: 0, laps: 0 });
}
