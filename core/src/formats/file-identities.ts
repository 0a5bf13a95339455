import type { FileId } from './decoded.ts';

/**
 * Strings that only the same session of the same recording can share: of the file's bytes, and of what the device
 * called it, which survives when a cloud writes the file anew.
 *
 * Serial 0 is what writers put that have none, so it proves nothing; nor does an unknown maker's number.
 */
export function fileIdentities(fileId: FileId | null, part: number, sha256: string): string[] {
  const identities = [`file:${sha256}:${part}`];
  if (fileId === null) return identities;
  const { manufacturer, serial, createdAtS } = fileId;
  if (manufacturer !== null && serial !== null && serial !== 0 && createdAtS !== null) {
    identities.push(`fit:${manufacturer}:${serial}:${createdAtS}:${part}`);
  }
  return identities;
}
