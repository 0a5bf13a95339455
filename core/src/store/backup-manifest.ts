/** The manifest of a backup. It is written last: a folder without one is a backup that was never finished. */
import { z } from 'zod';
import { HubError } from '../error/hub-error.ts';

const FORMAT = 'coach-hub-backup';
/** Raised when an older hub could not restore what a newer one wrote. */
export const BACKUP_FORMAT_VERSION = 1;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const BackupManifest = z.object({
  format: z.literal(FORMAT).default(FORMAT),
  formatVersion: z.number().int().positive().default(BACKUP_FORMAT_VERSION),
  /** When the state was fixed that the backup holds: ISO 8601 UTC. */
  takenAt: z.iso.datetime(),
  productVersion: z.string(),
  dialect: z.string(),
  /** Names of the migrations the database has, oldest first. */
  migrations: z.array(z.string()),
  database: z.object({ file: z.string(), bytes: z.number().int().nonnegative(), sha256: Sha256 }),
  blobs: z.object({
    files: z.number().int().nonnegative(),
    bytes: z.number().int().nonnegative(),
    /** Files the database names and that were lost before the backup, as paths in the blob folder. */
    lost: z.array(z.string()),
  }),
  /** Rows by table. */
  counts: z.record(z.string(), z.number().int().nonnegative()),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

/** @throws HubError `backup_invalid` for anything that is no manifest this version reads. */
export function parseManifest(text: string, folder: string): BackupManifest {
  const parsed = BackupManifest.safeParse(jsonOf(text));
  const isOurs = parsed.success && parsed.data.formatVersion <= BACKUP_FORMAT_VERSION;
  if (isOurs) return parsed.data;
  throw new HubError('backup_invalid', {
    what: `The backup in ${folder} cannot be read.`,
    why: parsed.success
      ? `Its format is number ${parsed.data.formatVersion}; this version reads up to ${BACKUP_FORMAT_VERSION}.`
      : 'Its manifest is not one of Coach Hub, or is damaged.',
    fix: parsed.success ? `Install version ${parsed.data.productVersion} or newer.` : 'Take another backup.',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
