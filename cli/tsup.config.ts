import { defineConfig } from 'tsup';
import { entryPerFile, existing } from '../scripts/build-entries.ts';
import { library } from '../tsup.base.ts';

/** oclif finds commands by their place in dist/commands, so each stays a file of its own. */
export default defineConfig(
  library({
    ...existing({
      index: 'src/index.ts',
      'command/coach-help': 'src/command/coach-help.ts',
      'command/command-not-found': 'src/command/command-not-found.ts',
    }),
    ...entryPerFile('src/commands'),
  }),
);
