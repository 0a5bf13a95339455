/** Services without athletes: race catalogues and weather. Answers become shared facts with an age. */
import type { JsonObject } from '../wire/json.ts';
import type { ConnectionHttp } from './auth.ts';

export interface SharedFact {
  /** Stable key of the fact, for example a race id or a weather cell and hour. */
  key: string;
  value: JsonObject;
  /** Seconds it may be served before it is fetched again. */
  ttlS: number;
  attribution: { text: string; url: string } | null;
}

export interface QueryContext {
  http: ConnectionHttp;
  signal: AbortSignal;
  config: { readonly [key: string]: unknown };
}

export interface QueryAdapter {
  type: 'catalogue' | 'environment';
  /** Names of the queries it answers, each with what it takes, as JSON schema. */
  queries: { [name: string]: { input: JsonObject } };
  ask(ctx: QueryContext, name: string, input: JsonObject): Promise<SharedFact[]>;
}
