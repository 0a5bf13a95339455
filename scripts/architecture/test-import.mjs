import { isRelative, isTestPath, relativeTarget } from './tree.mjs';

export const NAME = 'test-import';
export const WHY =
  'Tests, what supports them and their fixtures are not shipped and may read the clock and chance. Code that imports them breaks once installed, or brings in what the other rules keep out.';

export function offences({ files }) {
  return files
    .filter((file) => !file.isTest)
    .flatMap((file) =>
      file.imports
        .filter((each) => pathsOf(file, each).some(isTestPath))
        .map(({ specifier, line }) => ({
          at: `${file.path}:${line}`,
          what: `Production code imports "${specifier}", which belongs to tests.`,
          fix: 'Move what both need into a file of its own without ".test", ".test-support" or "fixtures" in its path.',
        })),
    );
}

/** As it is written, with and without its ending, and the source it stands for. */
function pathsOf(file, { specifier, target }) {
  const written = isRelative(specifier) ? relativeTarget(file, specifier) : specifier;
  return [written, `${written}.ts`, ...(target ? [target] : [])];
}
