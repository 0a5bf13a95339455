/**
 * What an import said of a file, kept beside its envelope: the same file again gives the same rows, and nobody decodes
 * it for that. Whoever resumes an import of a thousand files waits for what is new only.
 */
import type { Ref } from '../provider/envelope.ts';

/** A file of hundreds of sessions is decoded again instead. */
const MAX_KEPT_CHARS = 32 * 1024;

export interface KeptSession<Report> {
  claimKey: string;
  report: Report;
}

/** Members of the envelope's `ref`; none when there is too much to keep. */
export function keptReport<Report>(mappingVersion: number, sessions: readonly KeptSession<Report>[]): Ref {
  const report = JSON.stringify(sessions);
  return report.length <= MAX_KEPT_CHARS ? { report, reportVersion: mappingVersion } : {};
}

/** `null` when nothing was kept, or an older mapping said it: the file may mean more now. */
export function reportOf<Report>(ref: Ref, mappingVersion: number): KeptSession<Report>[] | null {
  if (typeof ref.report !== 'string' || ref.reportVersion !== mappingVersion) return null;
  return JSON.parse(ref.report) as KeptSession<Report>[];
}
