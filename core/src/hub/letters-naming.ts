/**
 * Dead letters of deliveries that carry many accounts. They belong to no connection, so an erased account is looked for
 * in their bytes. A letter that names it goes whole: what cannot be read cannot be taken apart, and what was erased must
 * not stay.
 */
import { INBOX_OWNER } from '../store/blob-store.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { DeadLetter } from '../store/inbox-store.ts';
import type { HubParts } from './hub-parts.ts';

const LETTERS_PER_PASS = 50;

type Parts = Pick<HubParts, 'store' | 'blobs'>;

/** Letters stay where another connected athlete uses the same account: it is theirs as well. */
export async function eraseLettersNaming(parts: Parts, { plugin, identity }: ConnectionRow): Promise<void> {
  if (identity === null || (await parts.store.connectionsByIdentity(plugin, identity)).length > 0) return;
  const name = Buffer.from(identity);
  for (let afterId: number | undefined; ; ) {
    const page = await parts.store.deadLetters({ plugin, beforeId: afterId, limit: LETTERS_PER_PASS });
    const naming: number[] = [];
    for (const letter of page) {
      if (letter.connectionId === null && (await holds(parts, letter, name))) naming.push(letter.id);
    }
    if (naming.length > 0) await parts.store.removeLetters(naming);
    afterId = page.at(-1)?.id;
    if (afterId === undefined || page.length < LETTERS_PER_PASS) return;
  }
}

async function holds({ blobs }: Parts, { body, blobSha256 }: DeadLetter, name: Buffer): Promise<boolean> {
  if (body !== null) return Buffer.from(body).includes(name);
  const stored = blobSha256 === null ? null : await blobs.stream({ athleteId: INBOX_OWNER, sha256: blobSha256 });
  if (stored === null) return false;
  let end = Buffer.alloc(0);
  for await (const chunk of stored.body) {
    const piece = Buffer.concat([end, chunk as Uint8Array]);
    if (piece.includes(name)) return true;
    // A name may lie across two pieces.
    end = Buffer.from(piece.subarray(Math.max(0, piece.length - name.length + 1)));
  }
  return false;
}
