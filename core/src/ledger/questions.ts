/** Questions of the ledger: is this the same activity? Stored and shown; a question goes when its reason goes. */
import { createHash } from 'node:crypto';
import type { Claim } from './claim.ts';
import type { MatchQuestion } from './match.ts';
import { ALONE, type ObjectState } from './object-state.ts';

/** Provider word of the ledger's own statements; `engine:` sources are shown as they are. */
export const LEDGER_SOURCE = 'engine:ledger';

const OPTIONS: { readonly [code: string]: string[] } = {
  same_activity: ['same', 'not_same'],
  same_time_other_sport: ['same', 'not_same'],
  time_zone_shift: ['same', 'not_same'],
  which_activity: ['one_of_them', 'separate'],
  conflicting_match: ['same', 'not_same'],
  source_gone: ['keep', 'delete'],
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

/** The question as an object: a claim of the ledger about the objects concerned. */
export function askedQuestion(
  question: Pick<MatchQuestion, 'records'> & { code: string },
  about: { kind: 'activity'; id: string }[],
  at: { startMs: number | null; day: string | null },
): AskedQuestion {
  const id = questionId(question.code, question.records);
  const claim: Claim = {
    claimKey: `${LEDGER_SOURCE}|question|${id}|summary|0`,
    kind: 'question',
    provider: LEDGER_SOURCE,
    connectionId: null,
    externalId: id,
    form: 'summary',
    part: 0,
    order: { vendorVersion: 0, supersession: 0, receipt: 0, mappingVersion: 0 },
    origin: 'manual',
    identities: [],
    groupKey: null,
    quality: null,
    fields: {
      code: question.code,
      about,
      params: { records: [...question.records].sort().join('\n') },
      options: OPTIONS[question.code] ?? ['same', 'not_same'],
    },
    series: null,
    file: null,
  };
  return {
    id,
    state: { claims: { [claim.claimKey]: claim }, layers: {}, anchors: {}, context: { ...ALONE, day: at.day } },
    startedAtMs: at.startMs,
  };
}

/** The question withdrawn: its reason is gone. */
export function withdrawnQuestion(state: ObjectState): ObjectState {
  const claims = Object.fromEntries(
    Object.entries(state.claims).map(([key, claim]) => [key, { ...claim, fields: null }]),
  );
  return { ...state, claims };
}
