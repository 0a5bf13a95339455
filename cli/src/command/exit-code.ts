/** How a command ends, for scripts. Shown by `coach help` and in the README; a test compares them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  unreadableFiles: 2,
  usage: 64,
  interrupted: 130,
} as const;

export const EXIT_MEANING: readonly (readonly [number, string])[] = [
  [EXIT.ok, 'Done.'],
  [
    EXIT.failed,
    'Failed: the message says what happened, why, and what to do. Also: a check of "doctor" or a step of the demo did not hold.',
  ],
  [EXIT.unreadableFiles, '"import", "inbox replay" and "renormalise": done, but some could not be read.'],
  [EXIT.usage, 'The command line is wrong; nothing was done.'],
  [
    EXIT.interrupted,
    'Stopped by Ctrl-C or SIGTERM before it was done. "serve" and "fake" end with 0: stopping is how they are done.',
  ],
];
