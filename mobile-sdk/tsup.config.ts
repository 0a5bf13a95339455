import { defineConfig } from 'tsup';
import { existing } from '../scripts/build-entries.ts';
import { library } from '../tsup.base.ts';

export default defineConfig(
  library(
    existing({
      index: 'src/index.ts',
      'better-sqlite3': 'src/drivers/better-sqlite3.ts',
      wasm: 'src/drivers/wasm.ts',
      'wasm-worker': 'src/drivers/wasm-worker.ts',
      react: 'src/react.ts',
    }),
    {
      platform: 'neutral',
      target: 'es2022',
      external: ['better-sqlite3', '@sqlite.org/sqlite-wasm', 'react'],
    },
  ),
);
