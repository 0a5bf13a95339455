import { defineConfig } from 'tsup';
import { existing } from '../scripts/build-entries.ts';
import { library } from '../tsup.base.ts';

export default defineConfig(
  library(existing({ index: 'src/index.ts', 'better-sqlite3': 'src/drivers/better-sqlite3.ts' }), {
    platform: 'neutral',
    target: 'es2022',
    external: ['better-sqlite3'],
  }),
);
