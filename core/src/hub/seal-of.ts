/** The sealed text of a row, with what it is bound to. Everything that seals must be known here, or keys cannot rotate. */
import type { SealedRow } from '../store/seal-store.ts';
import { END_TASK, endBinding } from './connect-end-job.ts';
import { verifierBinding } from './connect-start.ts';
import { FETCH_TASK, type FetchPayload, noticeBinding } from './fetch-job.ts';
import { tokenBinding } from './token-set.ts';

export interface Seal {
  sealed: string;
  /** Null for a row of a kind this version does not know. */
  binding: string | null;
  /** The row's text with another sealed text in place of this one. */
  with(next: string): string;
}

type Document = { [key: string]: unknown };

/** Null where nothing is sealed after all. */
export function sealOf(row: SealedRow): Seal | null {
  const { place, id, task, text } = row;
  if (place === 'connection') return bare(text, tokenBinding({ connectionId: id, athleteId: row.athleteId ?? '' }));
  if (place === 'attempt') return bare(text, verifierBinding(id));
  const document = JSON.parse(text) as Document;
  if (place === 'dead_letter') return inside(document, (document.payload ?? document) as Document, fetchBinding);
  if (task === FETCH_TASK) return inside(document, document, fetchBinding);
  if (task === END_TASK) return inside(document, document, (payload) => endBinding(payload as never));
  return inside(document, document, () => null);
}

function bare(sealed: string, binding: string): Seal {
  return { sealed, binding, with: (next) => next };
}

function inside(document: Document, holder: Document, bindingOf: (holder: Document) => string | null): Seal | null {
  const [key, sealed] = Object.entries(holder).find(([name]) => name.startsWith('sealed')) ?? [];
  if (key === undefined || typeof sealed !== 'string') return null;
  return {
    sealed,
    binding: bindingOf(holder),
    with(next) {
      holder[key] = next;
      return JSON.stringify(document);
    },
  };
}

function fetchBinding(payload: Document): string {
  const { connectionId, noticeSha256 } = payload as unknown as FetchPayload;
  return noticeBinding(connectionId, noticeSha256);
}
