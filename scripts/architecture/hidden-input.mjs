import ts from 'typescript';
import { declarationOf } from './scope.mjs';
import { lineOf, memberName } from './tree.mjs';

export const NAME = 'hidden-input';
export const WHY =
  'A function that reads the clock, chance or the environment by itself cannot be run again with the same result: no test can steer it, and stored data cannot be mapped twice alike.';

const CLOCK = 'Take the clock as a dependency and ask it; only main.ts connects it to the real one.';
const CHANCE = 'Take the source of randomness as a dependency; only main.ts connects it to the real one.';
const ENVIRONMENT = 'Take the parsed configuration as a parameter; only main.ts reads process.env.';

/** Functions of crypto that answer alike for like input. */
const STEADY_CRYPTO = new Set([
  ...['createHash', 'createHmac', 'hash', 'hkdf', 'hkdfSync', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync'],
  ...['createCipheriv', 'createDecipheriv', 'createPrivateKey', 'createPublicKey', 'createSecretKey', 'createVerify'],
  ...['timingSafeEqual', 'verify', 'KeyObject', 'X509Certificate', 'constants'],
]);
/** What the program runs on and where its words go; nothing that changes what it computes. */
const STEADY_PROCESS = new Set([
  ...['version', 'versions', 'platform', 'arch', 'execPath', 'memoryUsage'],
  ...['stdout', 'stderr', 'exitCode'],
]);

/** Globals that may be named only in front of a member that hides no input: never handed on, renamed or taken apart. */
const GLOBALS = {
  Date: { allows: (member) => member === 'parse' || member === 'UTC', forms: 'new Date(x), Date.parse', fix: CLOCK },
  performance: { allows: () => false, fix: CLOCK },
  Math: { allows: (member) => member !== 'random', forms: 'Math.round and its like', fix: CHANCE },
  crypto: { allows: (member) => STEADY_CRYPTO.has(member), forms: 'crypto.createHash and its like', fix: CHANCE },
  process: { allows: (member) => STEADY_PROCESS.has(member), forms: 'process.versions and its like', fix: ENVIRONMENT },
};
/** Each has all the others as members. */
const GLOBAL_OBJECTS = new Set(['globalThis', 'global', 'window', 'self']);

/** Built-in modules that give the same things under any local name. */
const MODULES = { crypto: 'crypto', process: 'process', perf_hooks: 'performance' };

/** This one takes them from code under test, so it has to name them. */
const GUARD = 'core/src/conformance/provider/hidden-inputs.ts';

export function offences({ files }) {
  return files
    .filter((file) => !file.isTest && !file.isMain && file.package.kind !== 'examples' && file.path !== GUARD)
    .flatMap(inFile);
}

function inFile(file) {
  const found = [];
  const report = (node, what, fix) => found.push({ at: `${file.path}:${lineOf(file, node)}`, what: `${what}.`, fix });
  const visit = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) checkImport(node, report);
    else if (ts.isStringLiteralLike(node)) checkModuleName(node, file, report);
    else if (isFreeName(node)) checkUse(node, node.text, report);
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return found;
}

/** A name that is read here and declared nowhere around: the global, if there is one. */
function isFreeName(node) {
  if (!ts.isIdentifier(node) || !(Object.hasOwn(GLOBALS, node.text) || GLOBAL_OBJECTS.has(node.text))) return false;
  const { parent } = node;
  const isDeclaredName = 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  const isForeignName = 'propertyName' in parent && parent.propertyName === node && !ts.isExportSpecifier(parent);
  return !isDeclaredName && !isForeignName && !declarationOf(node, node.text);
}

/** `node` stands for the global `name`: allowed is what hides no input, and only written out on the spot. */
function checkUse(node, name, report) {
  const { parent } = node;
  if (ts.isTypeOfExpression(parent)) return;
  const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
  const member = isAccess && parent.expression === node ? memberName(parent) : undefined;
  if (GLOBAL_OBJECTS.has(name)) return checkGlobalObject(node, name, member, report);

  const { allows, forms, fix } = GLOBALS[name];
  if (member !== undefined) {
    if (!allows(member)) report(node, `${name}.${member} outside main.ts`, fix);
    return;
  }
  if (name === 'Date' && isDateForm(node, report)) return;
  const advice = forms ? `Write ${forms} in its place, or: ${fix}` : fix;
  report(node, `${name} is handed on, renamed or taken apart outside main.ts`, advice);
}

/** `globalThis.Math.random` is `Math.random`; whoever hands on `globalThis` hands on the clock with it. */
function checkGlobalObject(node, name, member, report) {
  if (member === undefined) {
    const fix = `Name the one member that is needed, as in ${name}.setTimeout. ${ENVIRONMENT}`;
    report(node, `${name} is handed on, renamed or taken apart outside main.ts`, fix);
  } else if (Object.hasOwn(GLOBALS, member) || GLOBAL_OBJECTS.has(member)) checkUse(node.parent, member, report);
}

/** `new Date(x)` converts and `instanceof Date` asks; `new Date()` and `Date()` are the current time. */
function isDateForm(node, report) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return true;
  const isNew = ts.isNewExpression(parent);
  if ((!isNew && !ts.isCallExpression(parent)) || parent.expression !== node) return false;
  const [first] = parent.arguments ?? [];
  const converts = isNew && first && !ts.isSpreadElement(first);
  if (!converts) report(node, `${isNew ? 'new Date()' : 'Date()'} outside main.ts`, CLOCK);
  return true;
}

/** From a built-in module only named members that hide no input may come in, or out again. */
function checkImport(declaration, report) {
  const module = declaration.moduleSpecifier?.text;
  const object = module && objectOf(module);
  const clause = ts.isImportDeclaration(declaration) ? declaration.importClause : declaration;
  if (!object || !clause || clause.isTypeOnly) return;
  const { allows, fix } = GLOBALS[object];
  const list = ts.isImportDeclaration(declaration) ? clause.namedBindings : clause.exportClause;
  const isWhole = (ts.isImportDeclaration(declaration) && clause.name) || !list?.elements;
  if (isWhole)
    report(declaration, `${module} as a whole outside main.ts`, `Import the members that are needed. ${fix}`);
  for (const element of list?.elements ?? []) {
    const member = (element.propertyName ?? element.name).text;
    if (!element.isTypeOnly && !allows(member)) report(element, `${member} of ${module} outside main.ts`, fix);
  }
}

/** `await import('node:crypto')`, `createRequire(url)('crypto')`, and the name kept for one of these. */
function checkModuleName(node, file, report) {
  const object = objectOf(node.text);
  if (!object || ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return;
  if (!node.text.startsWith('node:') && !file.imports.some((each) => each.literal === node)) return;
  const fix = `Import the members that are needed, at the top of the file. ${GLOBALS[object].fix}`;
  report(node, `${node.text} is loaded as a whole outside main.ts`, fix);
}

function objectOf(module) {
  const name = module.replace(/^node:/, '');
  return Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
}
