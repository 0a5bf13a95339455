/** A mistake in the command line: nothing was done, and the command ends with 64. */
export class UsageError extends Error {
  /** What the mistakes that oclif finds carry too. */
  readonly oclif = { exit: 64 };
  /** oclif puts words of its own around the message of what a flag's `parse` throws, but not around this. */
  readonly why: string;

  /** @param why `--flag: expected …, got "…".` */
  constructor(why: string) {
    super(why);
    this.why = why;
  }
}
