import ts from 'typescript';
import { declarationOf } from './scope.mjs';
import { lineOf } from './tree.mjs';

export const NAME = 'hidden-input';
export const WHY =
  'A function that reads the clock, chance or the environment by itself cannot be run again with the same result: no test can steer it, and stored data cannot be mapped twice alike.';

const PASS_IN = {
  clock: 'Take the clock as a dependency and ask it; only main.ts connects it to the real one.',
  chance: 'Take the source of randomness as a dependency; only main.ts connects it to the real one.',
  environment: 'Take the parsed configuration as a parameter; only main.ts reads process.env.',
};

/** Members of a global that are hidden inputs. */
const MEMBERS = {
  Date: (member) => member === 'now' && PASS_IN.clock,
  performance: (member) => member === 'now' && PASS_IN.clock,
  Math: (member) => member === 'random' && PASS_IN.chance,
  crypto: (member) => isRandom(member) && PASS_IN.chance,
  webcrypto: (member) => isRandom(member) && PASS_IN.chance,
  process: (member) => member === 'env' && PASS_IN.environment,
};

/** Built-in modules that give the same things under any local name. */
const MODULES = {
  crypto: 'crypto',
  'node:crypto': 'crypto',
  process: 'process',
  'node:process': 'process',
  perf_hooks: 'performance',
  'node:perf_hooks': 'performance',
};
const GLOBAL_OBJECTS = new Set(['globalThis', 'global', 'window', 'self']);

export function offences({ files }) {
  return files.filter((file) => !file.isTest && !file.isMain && file.package.kind !== 'examples').flatMap(inFile);
}

function inFile(file) {
  const found = [];
  const report = (node, what, fix) => found.push({ at: `${file.path}:${lineOf(file, node)}`, what: `${what}.`, fix });
  const visit = (node) => {
    checkMember(node, report);
    checkDate(node, report);
    checkImport(node, report);
    checkDestructuring(node, report);
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return found;
}

/** `Date.now`, called or handed on; also `globalThis.Math.random` and `process['env']`. */
function checkMember(node, report) {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return;
  const member = memberName(node);
  const object = globalBehind(node.expression);
  const fix = object && member && MEMBERS[object](member);
  if (fix) report(node, `${object}.${member} outside main.ts`, fix);
}

/** `new Date()` and `Date()`: the current time. `new Date(x)` only converts. */
function checkDate(node, report) {
  const isNew = ts.isNewExpression(node) && (node.arguments ?? []).length === 0;
  if ((isNew || ts.isCallExpression(node)) && globalBehind(node.expression) === 'Date') {
    report(node, `${isNew ? 'new Date()' : 'Date()'} outside main.ts`, PASS_IN.clock);
  }
}

/** `import { randomUUID } from 'node:crypto'`, `import { env } from 'node:process'`; the same as a re-export. */
function checkImport(node, report) {
  if (!ts.isImportSpecifier(node) && !ts.isExportSpecifier(node)) return;
  const clause = ts.isImportSpecifier(node) ? node.parent.parent : node.parent.parent;
  const declaration = ts.isImportClause(clause) ? clause.parent : clause;
  if (node.isTypeOnly || clause.isTypeOnly || !declaration.moduleSpecifier) return;
  const object = MODULES[declaration.moduleSpecifier.text];
  const member = (node.propertyName ?? node.name).text;
  const fix = object && MEMBERS[object](member);
  if (fix) report(node, `${member} of ${declaration.moduleSpecifier.text} outside main.ts`, fix);
}

/** `const { now } = Date`, `const { env } = process`. */
function checkDestructuring(node, report) {
  if (!ts.isVariableDeclaration(node) || !node.initializer || !ts.isObjectBindingPattern(node.name)) return;
  const object = globalBehind(node.initializer);
  if (!object) return;
  for (const element of node.name.elements) {
    const member = (element.propertyName ?? element.name).text;
    const fix = member && MEMBERS[object](member);
    if (fix) report(element, `${object}.${member} outside main.ts`, fix);
  }
}

/** The watched global an expression stands for, whatever it is called here; undefined for anything passed in. */
function globalBehind(expression) {
  const bare = ts.skipOuterExpressions(expression);
  if (ts.isIdentifier(bare)) {
    const declaration = declarationOf(bare, bare.text);
    if (!declaration) return Object.hasOwn(MEMBERS, bare.text) ? bare.text : undefined;
    return importedGlobal(declaration);
  }
  if (!ts.isPropertyAccessExpression(bare) && !ts.isElementAccessExpression(bare)) return undefined;
  const member = memberName(bare);
  const base = ts.skipOuterExpressions(bare.expression);
  const isOnGlobal = ts.isIdentifier(base) && GLOBAL_OBJECTS.has(base.text) && !declarationOf(base, base.text);
  const isWebCrypto = member === 'webcrypto' && globalBehind(base) === 'crypto';
  return (isOnGlobal || isWebCrypto) && Object.hasOwn(MEMBERS, member) ? member : undefined;
}

/** `import * as c from 'node:crypto'`, `import process from 'node:process'`, `import { webcrypto, performance } …`. */
function importedGlobal(declaration) {
  if (ts.isImportSpecifier(declaration)) {
    const imported = (declaration.propertyName ?? declaration.name).text;
    const module = declaration.parent.parent.parent.moduleSpecifier.text;
    return MODULES[module] && Object.hasOwn(MEMBERS, imported) ? imported : undefined;
  }
  if (ts.isNamespaceImport(declaration)) return namespaceGlobal(declaration.parent.parent.moduleSpecifier.text);
  if (ts.isImportClause(declaration)) return namespaceGlobal(declaration.parent.moduleSpecifier.text);
  return undefined;
}

function namespaceGlobal(module) {
  const object = MODULES[module];
  return object === 'performance' ? undefined : object;
}

function memberName(node) {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

function isRandom(member) {
  return member.startsWith('random') || member === 'getRandomValues';
}
