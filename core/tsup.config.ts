import { defineConfig } from 'tsup';
import { existing } from '../scripts/build-entries.ts';
import { library } from '../tsup.base.ts';

export default defineConfig(
  library(
    existing({
      index: 'src/index.ts',
      wire: 'src/wire/index.ts',
      formats: 'src/formats/index.ts',
      archive: 'src/formats/archive/index.ts',
      conformance: 'src/conformance/index.ts',
      'adapter-worker': 'src/plugin/adapter-worker.ts',
    }),
  ),
);
