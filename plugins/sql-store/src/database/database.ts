import type { Dialect } from './dialect.ts';
import type { Flow } from './flow.ts';
import type { Prepare } from './statement.ts';

/** What a write has to announce once it is committed; a write that is rolled back announces nothing. */
export interface Effects {
  /** Athlete → the rev their counter moved to. */
  revs: Map<string, number>;
  /** Jobs were added. */
  jobs: boolean;
  /** Objects written, to keep groups short. */
  objects: number;
}

/** A piece of work for a transaction. It may run again when a neighbour, a lock or the commit fails. */
export type Work<T> = (effects: Effects) => Flow<T>;

/** An open database: runs flows, each to its end. */
export interface Database {
  readonly dialect: Dialect;
  readonly prepare: Prepare;
  /** Each statement sees what is committed when it runs. */
  read<T>(flow: Flow<T>): Promise<T>;
  /** All statements see one instant. */
  snapshot<T>(flow: Flow<T>): Promise<T>;
  /**
   * Resolves when the work is on disk. Rejects with what the work threw, or with a retryable code.
   *
   * @param lane works of one lane are stored in the order they came, as far as this process gives it: those that wait for
   *   each other anyway, and those whose numbers tell an order.
   */
  write<T>(work: Work<T>, lane?: string): Promise<T>;
}

export function noEffects(): Effects {
  return { revs: new Map(), jobs: false, objects: 0 };
}
