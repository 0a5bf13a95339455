import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/** What a person needs to act: what happened, why, and what to do. Never a token, a body or a health value. */
export interface ErrorStory {
  what: string;
  why: string;
  fix: string;
  /** Machine-readable extras that a client may use, for example `{ expected: 38 }`. */
  details?: { [key: string]: string | number | boolean | null };
}

/** Every error a user of the hub can meet. Its code is stable and has a help page in `docs/errors.md`. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly details: NonNullable<ErrorStory['details']>;

  constructor(code: ErrorCode, story: ErrorStory, options?: { cause?: unknown }) {
    super(`${story.what} ${story.why} ${story.fix}`, options);
    this.name = 'HubError';
    this.code = code;
    this.what = story.what;
    this.why = story.why;
    this.fix = story.fix;
    this.details = story.details ?? {};
  }

  /** HTTP status the code answers with. */
  get status(): number {
    return CATALOGUE[this.code].status;
  }

  /** Whether the same call can succeed later by itself. */
  get retry(): (typeof CATALOGUE)[ErrorCode]['retry'] {
    return CATALOGUE[this.code].retry;
  }
}
