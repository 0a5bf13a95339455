import { isBuiltin } from 'node:module';
import { isRelative, packageNamed } from './tree.mjs';

export const NAME = 'undeclared-dependency';
export const WHY =
  'In this repository every package finds the dependencies of all others, so a missing entry is noticed only by those who install the package alone.';

/** What ships must be declared where it ships from; tests use whatever the repository has. Plugins are imported nowhere. */
export function offences({ files, packages }) {
  const plugins = packages.filter((pkg) => pkg.kind === 'plugin');
  return files
    .filter((file) => !file.isTest && !file.package.manifest.private)
    .flatMap((file) =>
      file.imports
        .filter((each) => !isRelative(each.specifier) && !isBuiltin(each.specifier))
        .filter((each) => !packageNamed(each.specifier, plugins))
        .filter((each) => !declared(file.package.manifest, packageOf(each.specifier), each.typeOnly))
        .map((each) => ({
          at: `${file.path}:${each.line}`,
          what: `${packageOf(each.specifier)} is not among the dependencies of ${file.package.dir}/package.json.`,
          fix: 'Add it there with its exact version, or do without it.',
        })),
    );
}

function declared({ name, dependencies = {}, peerDependencies = {}, devDependencies = {} }, wanted, typeOnly) {
  const known = { ...dependencies, ...peerDependencies, ...(typeOnly ? devDependencies : {}) };
  return wanted === name || Object.hasOwn(known, wanted) || (typeOnly && Object.hasOwn(known, typesOf(wanted)));
}

function typesOf(name) {
  return `@types/${name.replace(/^@/, '').replace('/', '__')}`;
}

function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
