import { availableParallelism } from 'node:os';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Packages of ours resolve to their sources, so tests need no build and stack traces name the file one edits. */
const SOURCE = '@coach-hub/source';

export default defineConfig({
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
  test: {
    include: [
      '**/src/**/*.test.ts',
      'plugins/*/{src,fake}/**/*.test.ts',
      'scripts/**/*.test.mjs',
      'examples/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    server: { deps: { inline: [/@coach-hub\//] } },
    // A process per file: a native add-on or a changed working directory in one file cannot disturb another.
    pool: 'forks',
    // Tests wait on disks, sockets and child processes, so two at a time pay even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Generous: a busy machine is no failure. A test that is meant to be fast says so itself.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // @oclif/test reads stdout itself and sees nothing through the interceptor.
    disableConsoleIntercept: true,
  },
});
