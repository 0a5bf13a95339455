/** One obligation of a contract, written so that any test runner can run it: it throws when it is broken. */
export interface Law {
  name: string;
  run(): Promise<void>;
}
