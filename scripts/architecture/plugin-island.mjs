import { isInside, isRelative, packageNamed, relativeTarget } from './tree.mjs';

export const NAME = 'plugin-island';
export const WHY =
  'Every plugin can be left out or replaced on its own. One that imports another cannot, and the two change together from then on.';

/** Tests too: what a test of one plugin needs from another belongs in core or in an example. */
export function offences({ files, packages }) {
  const plugins = packages.filter((pkg) => pkg.kind === 'plugin');
  return files
    .filter((file) => file.package.kind === 'plugin')
    .flatMap((file) => [...otherPlugins(file, plugins), ...(file.isTest ? [] : blindLoads(file))]);
}

function otherPlugins(file, plugins) {
  return file.imports.flatMap(({ specifier, line }) => {
    const other = pluginOf(file, specifier, plugins);
    return other && other !== file.package ? [offence(file, line, other)] : [];
  });
}

/** What it loads only the running program knows, and that may be another plugin. */
function blindLoads(file) {
  return file.blindLoads.map(({ line, call }) => ({
    at: `${file.path}:${line}`,
    what: `A plugin loads a module by a computed name: ${call}.`,
    fix: 'Write the name of the module out as a literal. Only the hub discovers plugins.',
  }));
}

function pluginOf(file, specifier, plugins) {
  if (!isRelative(specifier)) return packageNamed(specifier, plugins);
  const path = relativeTarget(file, specifier);
  return plugins.find((pkg) => isInside(path, pkg.dir));
}

function offence(file, line, other) {
  return {
    at: `${file.path}:${line}`,
    what: `A plugin imports another plugin: ${file.package.dir} imports ${other.dir}.`,
    fix: 'Move what the two share to core, with its own tests, and import it from there.',
  };
}
