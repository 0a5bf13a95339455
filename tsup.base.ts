import type { Options } from 'tsup';

/** The one build shape of every package: ESM for Node 20, one output file per named entry. */
export function library(entry: Record<string, string>, extra: Options = {}): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    clean: true,
    dts: false,
    ...extra,
  };
}
