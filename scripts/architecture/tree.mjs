/**
 * The sources of a checkout as the rules see them:
 *
 * tree     `{ root, packages, files, strays }`
 * package  `{ dir: 'plugins/garmin', name, kind, manifest, entries }`; `entries` are the sources its exports name
 * file     `{ path, package, text, ast, isTest, isEntry, isMain, imports, blindLoads }`; paths are relative to the root,
 *          with `/`; `blindLoads` are the `{ line, call }` that load a module whose name only the running program knows
 * import   `{ specifier, line, typeOnly, literal, target }`; `target` is a path of this tree, or null for foreign code
 * strays   paths of scripts that lie in a package but outside its source folders, where no rule reads them
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { declarationOf } from './scope.mjs';

const SOURCE_CONDITION = '@coach-hub/source';
const SOURCE_FOLDERS = ['src', 'fake'];
/** What starts a package and what builds it: no part of its code. */
const OUTSIDE_SOURCES = /^(?:bin\/|[^/]+\.config\.[cm]?[jt]s$)/;
const SCRIPT = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const TEST = /(?:\.(?:test|test-support|bench)\.[cm]?[jt]sx?$)|(?:^|\/)fixtures\//;
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage']);

export function readTree(root) {
  const packages = packageDirs(root).map((dir) => readPackage(root, dir));
  const files = packages.flatMap((pkg) => scriptsOf(root, pkg).map((path) => readScript(root, pkg, path)));
  const known = new Set(files.map((file) => file.path));
  for (const file of files) {
    for (const each of file.imports) each.target = resolve(each.specifier, file, packages, known);
  }
  return { root, packages, files, strays: packages.flatMap((pkg) => straysOf(root, pkg)) };
}

/** Every file below a folder, as paths relative to the root. */
export function walk(root, dir) {
  if (!existsSync(join(root, dir))) return [];
  return readdirSync(join(root, dir), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(dir, entry.name);
      if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : walk(root, path);
      return entry.isFile() ? [path] : [];
    });
}

export function isTestPath(path) {
  return TEST.test(path);
}

/** `'plugins/garmin'` for `'@coach-hub/plugin-garmin/fake'`; undefined when it is no package of this tree. */
export function packageNamed(specifier, packages) {
  return packages.find((pkg) => specifier === pkg.name || specifier.startsWith(`${pkg.name}/`));
}

export function isRelative(specifier) {
  return /^\.{1,2}(?:\/|$)/.test(specifier);
}

/** Where a relative import points, whether or not the file exists. */
export function relativeTarget(file, specifier) {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier));
}

export function isInside(path, dir) {
  return path === dir || path.startsWith(`${dir}/`);
}

export function lineOf(file, node) {
  return file.ast.getLineAndCharacterOfPosition(node.getStart(file.ast)).line + 1;
}

/** Folders of the packages that are published, which is all but the examples. */
export function publishedPackageDirs(root) {
  return packageDirs(root).filter((dir) => !JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')).private);
}

function packageDirs(root) {
  const single = ['core', 'server', 'cli', 'mobile-sdk', 'examples'];
  const plugins = existsSync(join(root, 'plugins'))
    ? readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)
    : [];
  return [...single, ...plugins.sort()].filter((dir) => existsSync(join(root, dir, 'package.json')));
}

function readPackage(root, dir) {
  const manifest = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'));
  const exported = Object.values(manifest.exports ?? {}).map((conditions) => conditions?.[SOURCE_CONDITION]);
  return {
    dir,
    name: manifest.name,
    kind: dir.startsWith('plugins/') ? 'plugin' : dir,
    manifest,
    entries: new Set(exported.filter(Boolean).map((source) => posix.join(dir, source))),
  };
}

function scriptsOf(root, pkg) {
  const dirs = pkg.kind === 'examples' ? [pkg.dir] : SOURCE_FOLDERS.map((folder) => posix.join(pkg.dir, folder));
  return dirs.flatMap((dir) => walk(root, dir)).filter((path) => SCRIPT.test(path) && !path.endsWith('.d.ts'));
}

function straysOf(root, pkg) {
  if (pkg.kind === 'examples') return [];
  return walk(root, pkg.dir).filter((path) => {
    const inside = path.slice(pkg.dir.length + 1);
    return SCRIPT.test(inside) && !SOURCE_FOLDERS.includes(inside.split('/')[0]) && !OUTSIDE_SOURCES.test(inside);
  });
}

function readScript(root, pkg, path) {
  const text = readFileSync(join(root, path), 'utf8');
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const isMain =
    path === `${pkg.dir}/src/main.ts` || (pkg.kind === 'mobile-sdk' && path === `${pkg.dir}/src/platform.ts`);
  const file = {
    path,
    package: pkg,
    text,
    ast,
    isTest: isTestPath(path),
    isEntry: pkg.entries.has(path) || isMain,
    isMain,
  };
  return { ...file, ...importsOf(file) };
}

/** Static, dynamic and type-only imports, re-exports, `require` and what resolves like them. */
function importsOf(file) {
  const imports = [];
  const blindLoads = [];
  const add = (node, literal, typeOnly) => {
    if (literal && ts.isStringLiteralLike(literal)) {
      imports.push({ specifier: literal.text, line: lineOf(file, node), typeOnly, literal, target: null });
    }
  };
  const addLoad = (call) => {
    const [name] = call.arguments;
    if (name && ts.isStringLiteralLike(name)) add(call, name, false);
    else blindLoads.push({ line: lineOf(file, call), call: call.getText(file.ast) });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node, node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(node, ts.isLiteralTypeNode(node.argument) && node.argument.literal, true);
    else if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) add(node, node.name, true);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) addLoad(node);
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return { imports, blindLoads };
}

/** `import(…)`, `import.meta.resolve(…)`, `require(…)`, `createRequire(url)(…)`, a variable that holds the last, `.resolve(…)` of each. */
function isLoader(callee) {
  const bare = ts.skipOuterExpressions(callee);
  if (bare.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isPropertyAccessExpression(bare) || ts.isElementAccessExpression(bare)) {
    const base = ts.skipOuterExpressions(bare.expression);
    return memberName(bare) === 'resolve' && (ts.isMetaProperty(base) || isLoader(base));
  }
  if (ts.isCallExpression(bare)) return makesRequire(bare.expression);
  if (!ts.isIdentifier(bare)) return false;
  const declaration = declarationOf(bare, bare.text);
  if (!declaration) return bare.text === 'require';
  const value = ts.isVariableDeclaration(declaration) && declaration.initializer;
  return Boolean(value) && (isRequire(value) || isLoaderAlias(value));
}

function isRequire(value) {
  const bare = ts.skipOuterExpressions(value);
  return ts.isCallExpression(bare) && makesRequire(bare.expression);
}

/** `const load = require`, `const find = import.meta.resolve`. */
function isLoaderAlias(value) {
  const bare = ts.skipOuterExpressions(value);
  return (ts.isIdentifier(bare) || ts.isPropertyAccessExpression(bare)) && isLoader(bare);
}

/** `createRequire` under any name it was imported by, or as a member of its module. */
function makesRequire(callee) {
  const bare = ts.skipOuterExpressions(callee);
  if (ts.isPropertyAccessExpression(bare) || ts.isElementAccessExpression(bare)) {
    return memberName(bare) === 'createRequire';
  }
  if (!ts.isIdentifier(bare)) return false;
  const declaration = declarationOf(bare, bare.text);
  const imported = declaration && ts.isImportSpecifier(declaration) && (declaration.propertyName ?? declaration.name);
  return (imported ? imported.text : bare.text) === 'createRequire';
}

/** The member an access names; undefined when only the running program knows it. */
export function memberName(access) {
  if (ts.isPropertyAccessExpression(access)) return access.name.text;
  return ts.isStringLiteralLike(access.argumentExpression) ? access.argumentExpression.text : undefined;
}

function resolve(specifier, file, packages, known) {
  if (isRelative(specifier)) {
    const path = relativeTarget(file, specifier);
    const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}/index.ts`];
    return candidates.find((candidate) => known.has(candidate)) ?? null;
  }
  const pkg = packageNamed(specifier, packages);
  if (!pkg) return null;
  const source = pkg.manifest.exports?.[`.${specifier.slice(pkg.name.length)}`]?.[SOURCE_CONDITION];
  return source ? posix.join(pkg.dir, source) : null;
}
