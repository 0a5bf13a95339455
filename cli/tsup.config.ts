import { defineConfig } from 'tsup';
import { entryPerFile, existing } from '../scripts/build-entries.ts';
import { library } from '../tsup.base.ts';

/** oclif finds commands by their place in dist/commands, so each stays a file of its own. */
export default defineConfig(
  library({ ...existing({ index: 'src/index.ts', main: 'src/main.ts' }), ...entryPerFile('src/commands') }),
);
