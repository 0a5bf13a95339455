/**
 * `npm run build:types`: writes the declarations each package publishes to its dist/types, then checks that every path
 * its package.json exports is there. Run after the build, which empties dist.
 *
 * One program for all packages: they see each other's sources, and the compiler starts once.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { isTestPath, publishedPackageDirs, walk } from './architecture/tree.mjs';
import { rootArgument } from './root-argument.mjs';

const root = rootArgument();
const packages = publishedPackageDirs(root);

const diagnostics = emitDeclarations();
const missing = packages.flatMap(missingExports);

if (diagnostics.length > 0) {
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  console.error(ts.formatDiagnostics(diagnostics, host));
}
for (const each of missing) console.error(each);
if (diagnostics.length > 0 || missing.length > 0) process.exit(1);

function emitDeclarations() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const rootNames = packages
    .flatMap((dir) => walk(root, `${dir}/src`))
    .filter((path) => path.endsWith('.ts') && !isTestPath(path));
  const program = ts.createProgram({
    rootNames: rootNames.map((path) => join(root, path)),
    options: { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root, outDir: root },
  });

  for (const dir of packages) rmSync(join(root, dir, 'dist/types'), { recursive: true, force: true });
  const { diagnostics: emitted } = program.emit(undefined, writeDeclaration, undefined, true);
  return emitted.filter((each) => each.category === ts.DiagnosticCategory.Error);
}

/** `core/src/wire/index.d.ts` goes to `core/dist/types/wire/index.d.ts`, and names its neighbours as published. */
function writeDeclaration(fileName, text) {
  const path = relative(root, fileName).split(sep).join('/');
  const dir = packages.find((each) => path.startsWith(`${each}/src/`));
  if (dir)
    ts.sys.writeFile(join(root, dir, 'dist/types', posix.relative(`${dir}/src`, path)), withPublishedNames(text));
}

/** Sources import `./join.ts`; what is published beside the declaration is `./join.js`. */
function withPublishedNames(text) {
  return text.replace(/(from |import\(|import )(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2');
}

function missingExports(dir) {
  const { exports = {} } = JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .flatMap(([name, target]) =>
      Object.values(typeof target === 'string' ? [target] : target).map((path) => [name, path]),
    )
    .filter(([, path]) => !existsSync(join(root, dir, path)))
    .map(([name, path]) => `${dir}/package.json exports "${name}" as ${path}, which does not exist`);
}
