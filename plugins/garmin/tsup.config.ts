import { defineConfig } from 'tsup';
import { existing } from '../../scripts/build-entries.ts';
import { library } from '../../tsup.base.ts';

export default defineConfig(
  library(existing({ index: 'src/index.ts', normalise: 'src/normalise.ts', fake: 'src/fake/index.ts' })),
);
