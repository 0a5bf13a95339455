import { isInside, isRelative, packageNamed } from './tree.mjs';

export const NAME = 'own-index';
export const WHY =
  "A folder's index.ts is for readers outside. Inside the package it hides which file is needed and closes import cycles.";

/** Entry files, which only list public names, may take them from an index; nothing imports a test, so tests may too. */
export function offences({ files, packages }) {
  return files
    .filter((file) => !file.isEntry && !file.isTest)
    .flatMap((file) =>
      file.imports
        .filter(({ specifier, target }) => isOwnIndex(file, specifier, target, packages))
        .map(({ specifier, line }) => ({
          at: `${file.path}:${line}`,
          what: `"${specifier}" is an index of its own package.`,
          fix: 'Import the file that defines the name.',
        })),
    );
}

function isOwnIndex(file, specifier, target, packages) {
  if (!isRelative(specifier)) return packageNamed(specifier, packages) === file.package;
  return target !== null && isInside(target, file.package.dir) && /(?:^|\/)index\.[cm]?tsx?$/.test(target);
}
