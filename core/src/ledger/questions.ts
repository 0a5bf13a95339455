/** Questions of the ledger: is this the same activity? Stored and shown; a question goes when its reason goes. */
import { createHash } from 'node:crypto';
import type { Kind } from '../wire/kinds.ts';
import { ALONE, type ObjectState } from './object-state.ts';
import { LEDGER_SOURCE, ownClaim } from './own-claim.ts';
import { textOf } from './record.ts';
import { newestTyped } from './resolve.ts';

const OPTIONS: { readonly [code: string]: string[] } = {
  same_activity: ['same', 'not_same'],
  same_time_other_sport: ['same', 'not_same'],
  time_zone_shift: ['same', 'not_same'],
  conflicting_match: ['same', 'not_same'],
  source_gone: ['keep', 'delete'],
  edit_not_applied: ['seen'],
};

/** One question about the same records has one id, whoever asks and whenever. */
export function questionId(code: string, records: string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([code, [...records].sort()]))
    .digest('hex');
  return `question_${hash.slice(0, 24)}`;
}

export interface AskedQuestion {
  id: string;
  state: ObjectState;
  startedAtMs: number | null;
}

export interface Asking {
  code: string;
  /** What it is about, by names that never change; with the code they are the question's identity. */
  records: string[];
  about: { kind: Kind; id: string }[];
  params?: { [name: string]: string | number };
  at: { startMs: number | null; day: string | null };
}

/**
 * The question as an object: a claim of the ledger about the objects concerned.
 *
 * @param stored as it was asked before: an answer stays with it.
 */
export function askedQuestion(asking: Asking, stored?: ObjectState): AskedQuestion {
  const { code, records, about, at } = asking;
  const id = questionId(code, records);
  const fields = {
    code,
    about,
    params: { ...asking.params, records: [...records].sort().join('\n') },
    // Which of several it is: an answer names one of them.
    options: code === 'which_activity' ? [...about.map((object) => object.id), 'separate'] : (OPTIONS[code] ?? []),
  };
  const claim = ownClaim({ kind: 'question', source: LEDGER_SOURCE, externalId: id, fields });
  return {
    id,
    state: {
      claims: { [claim.claimKey]: claim },
      layers: stored?.layers ?? {},
      anchors: stored?.anchors ?? {},
      context: { ...ALONE, day: at.day },
    },
    startedAtMs: at.startMs,
  };
}

/** The question withdrawn: its reason is gone. What it asked is kept, because an answer to it still counts. */
export function withdrawnQuestion(state: ObjectState): ObjectState {
  const claims = Object.fromEntries(
    Object.entries(state.claims).map(([key, claim]) => [
      key,
      { ...claim, fields: claim.fields === null ? null : { ...claim.fields, withdrawn: true } },
    ]),
  );
  return { ...state, claims };
}

/** The athlete's answer; null while there is none. */
export function answerOf(state: ObjectState): string | null {
  return textOf(newestTyped(state).answer?.value);
}

/** Asked, not withdrawn, not answered. */
export function isOpen(state: ObjectState): boolean {
  const asked = Object.values(state.claims).some(({ fields }) => fields !== null && fields.withdrawn !== true);
  return asked && answerOf(state) === null;
}

/** What a question asked, whether it is still open or not. */
export function askedOf(
  state: ObjectState,
): { code: string; records: string[]; about: { kind: string; id: string }[]; options: string[] } | null {
  for (const { fields } of Object.values(state.claims)) {
    if (fields === null) continue;
    const { code, params, about, options } = fields as {
      code?: string;
      params?: { records?: string };
      about?: { kind: string; id: string }[];
      options?: string[];
    };
    if (code === undefined) continue;
    const records = (params?.records ?? '').split('\n').filter((record) => record !== '');
    return { code, records, about: about ?? [], options: options ?? [] };
  }
  return null;
}
