import ts from 'typescript';

/** Whether `name`, used at `node`, is declared around it: a parameter or variable, and no longer the global. */
export function isShadowed(node, name) {
  return declarationOf(node, name) !== undefined;
}

/** The declaration that `name` means at `node`: an import specifier or clause, parameter, variable, function or class. */
export function declarationOf(node, name) {
  for (let scope = node.parent; scope; scope = scope.parent) {
    const found = declarationsIn(scope).find((each) => names(each.name).includes(name));
    if (found) return found;
  }
  return undefined;
}

function declarationsIn(scope) {
  if (ts.isFunctionLike(scope))
    return [...scope.parameters, ...(ts.isFunctionExpression(scope) && scope.name ? [scope] : [])];
  if (ts.isCatchClause(scope)) return scope.variableDeclaration ? [scope.variableDeclaration] : [];
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    return scope.initializer && ts.isVariableDeclarationList(scope.initializer) ? scope.initializer.declarations : [];
  }
  if (ts.isBlock(scope) || ts.isSourceFile(scope) || ts.isModuleBlock(scope) || ts.isCaseOrDefaultClause(scope)) {
    return scope.statements.flatMap(declarationsOf);
  }
  return [];
}

function declarationsOf(statement) {
  if (ts.isVariableStatement(statement)) {
    const isAmbient = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword);
    return isAmbient ? [] : [...statement.declarationList.declarations];
  }
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
    return statement.name ? [statement] : [];
  }
  if (!ts.isImportDeclaration(statement) || !statement.importClause) return [];
  const { name, namedBindings } = statement.importClause;
  const bindings = namedBindings
    ? ts.isNamespaceImport(namedBindings)
      ? [namedBindings]
      : [...namedBindings.elements]
    : [];
  return [...(name ? [statement.importClause] : []), ...bindings];
}

function names(binding) {
  if (!binding) return [];
  if (ts.isIdentifier(binding)) return [binding.text];
  return binding.elements.filter(ts.isBindingElement).flatMap((element) => names(element.name));
}
