import { isBuiltin } from 'node:module';
import ts from 'typescript';
import { isShadowed } from './scope.mjs';
import { isInside, lineOf, memberName, packageNamed } from './tree.mjs';

export const NAME = 'sdk-imports';
export const WHY =
  'The SDK runs inside a phone app: no Node there, and every kilobyte is paid on each cold start. The wire types cost nothing.';

const WIRE = '@coach-hub/core/wire';
const NODE_GLOBALS = new Set(['Buffer', 'process', 'setImmediate', '__dirname', '__filename', 'require']);

/** Drivers bind one platform's database and may use that platform; tests run on Node. */
export function offences({ files, packages }) {
  return files
    .filter((file) => file.package.kind === 'mobile-sdk' && !file.isTest)
    .flatMap((file) => [
      ...wrongImports(file, packages),
      ...blindLoads(file),
      ...(isDriver(file) || file.isMain ? [] : nodeGlobals(file)),
    ]);
}

/** Bundlers of phone apps need the name too, or they leave the module out. */
function blindLoads(file) {
  return file.blindLoads.map(({ line, call }) => ({
    at: `${file.path}:${line}`,
    what: `The SDK loads a module by a computed name: ${call}.`,
    fix: 'Write the name of the module out as a literal, or have the app pass in what it loaded.',
  }));
}

function wrongImports(file, packages) {
  return file.imports.flatMap(({ specifier, line }) => {
    const at = `${file.path}:${line}`;
    const ours = packageNamed(specifier, packages);
    if (ours && ours !== file.package && specifier !== WIRE) {
      return [
        {
          at,
          what: `The SDK imports ${specifier}.`,
          fix: `Import from ${WIRE} alone; move the type there when it travels.`,
        },
      ];
    }
    if (isDriver(file)) return [];
    if (isBuiltin(specifier)) {
      return [
        {
          at,
          what: `The SDK imports the Node built-in ${specifier}.`,
          fix: 'Ask for it as a function of the platform, or put it in src/drivers/.',
        },
      ];
    }
    if (specifier === 'zod' || specifier.startsWith('zod/')) {
      return [
        {
          at,
          what: 'The SDK imports zod.',
          fix: 'The server validates; the SDK reads the wire types as they are, or checks by hand.',
        },
      ];
    }
    return [];
  });
}

function nodeGlobals(file) {
  const found = [];
  const visit = (node) => {
    const name = nodeGlobal(node);
    if (name) {
      found.push({
        at: `${file.path}:${lineOf(file, node)}`,
        what: `The SDK uses the Node global ${name}.`,
        fix: 'Use what every JavaScript engine has (Uint8Array, TextEncoder), or ask for it as a function of the platform.',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return found;
}

/** Named plainly, or as a member of `globalThis`. */
function nodeGlobal(node) {
  if (isFreeNodeGlobal(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined;
  const base = ts.skipOuterExpressions(node.expression);
  const isOnGlobal = ts.isIdentifier(base) && base.text === 'globalThis';
  return isOnGlobal && NODE_GLOBALS.has(memberName(node)) ? memberName(node) : undefined;
}

function isFreeNodeGlobal(node) {
  if (!ts.isIdentifier(node) || !NODE_GLOBALS.has(node.text)) return false;
  const { parent } = node;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isQualifiedName(parent) && parent.right === node) ||
    ('name' in parent && parent.name === node) ||
    (ts.isBindingElement(parent) && parent.propertyName === node);
  return !isName && !isShadowed(node, node.text);
}

function isDriver(file) {
  return isInside(file.path, `${file.package.dir}/src/drivers`);
}
