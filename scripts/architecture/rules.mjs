import * as hiddenInput from './hidden-input.mjs';
import * as importCycle from './import-cycle.mjs';
import * as importDirection from './import-direction.mjs';
import * as ownIndex from './own-index.mjs';
import * as pluginIsland from './plugin-island.mjs';
import * as sdkImports from './sdk-imports.mjs';
import * as straySource from './stray-source.mjs';
import * as testImport from './test-import.mjs';
import { readTree } from './tree.mjs';
import * as undeclaredDependency from './undeclared-dependency.mjs';
import * as vendorInCore from './vendor-in-core.mjs';

const RULES = [
  vendorInCore,
  importCycle,
  pluginIsland,
  importDirection,
  ownIndex,
  sdkImports,
  hiddenInput,
  undeclaredDependency,
  testImport,
  straySource,
];

/** Everything the rules object to in the tree at `root`, each as `{ rule, at, what, why, fix }`. */
export function findOffences(root) {
  const tree = readTree(root);
  const offences = RULES.flatMap((rule) =>
    rule.offences(tree).map(({ at, what, fix }) => ({ rule: rule.NAME, at, what, why: rule.WHY, fix })),
  );
  return { offences, fileCount: tree.files.length, ruleCount: RULES.length };
}
