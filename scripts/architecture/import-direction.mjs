import { isInside, isRelative, packageNamed, relativeTarget } from './tree.mjs';

export const NAME = 'import-direction';
export const WHY =
  'Packages point one way (examples -> cli -> server -> core <- plugins, mobile-sdk -> core/wire), so each can be understood, tested and shipped without those above it.';

/** Who may import which kind of package. The SDK's narrower rule is in sdk-imports.mjs, plugins' in plugin-island.mjs. */
const ALLOWED = {
  examples: ['cli', 'server', 'mobile-sdk', 'core'],
  cli: ['server', 'mobile-sdk', 'core'],
  server: ['core'],
  plugin: ['core', 'plugin'],
  'mobile-sdk': ['core'],
  core: [],
};

/** Tests of the outer packages meet real stores, fakes and servers; those of core and of plugins stand alone. */
const ALLOWED_IN_TESTS = {
  ...ALLOWED,
  examples: [...ALLOWED.examples, 'plugin'],
  cli: [...ALLOWED.cli, 'plugin'],
  server: [...ALLOWED.server, 'plugin'],
  'mobile-sdk': [...ALLOWED['mobile-sdk'], 'server', 'plugin'],
};

export function offences({ files, packages }) {
  return files.flatMap((file) =>
    file.imports.flatMap(({ specifier, line }) => {
      const at = `${file.path}:${line}`;
      if (isRelative(specifier)) return leavesPackage(file, specifier) ? [straying(at, file, specifier)] : [];
      const target = packageNamed(specifier, packages);
      return target && target !== file.package && !allows(file, target) ? [wrongWay(at, file, specifier)] : [];
    }),
  );
}

function allows(file, target) {
  return (file.isTest ? ALLOWED_IN_TESTS : ALLOWED)[file.package.kind].includes(target.kind);
}

function leavesPackage(file, specifier) {
  return !isInside(relativeTarget(file, specifier), file.package.dir);
}

function wrongWay(at, file, specifier) {
  const allowed = (file.isTest ? ALLOWED_IN_TESTS : ALLOWED)[file.package.kind].filter(
    (kind) => kind !== 'plugin' || file.package.kind !== 'plugin',
  );
  const may = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no other package of ours';
  return {
    at,
    what: `${file.package.dir} imports ${specifier}; it may import ${may}.`,
    fix: 'Move the shared part down to core, or have the caller above pass it in. Plugins are found by discovery, never imported.',
  };
}

function straying(at, file, specifier) {
  return {
    at,
    what: `The relative import "${specifier}" leaves ${file.package.dir}.`,
    fix: 'Import the other package by its name, from what it exports.',
  };
}
