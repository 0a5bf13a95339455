import { packageNamed } from './tree.mjs';

export const NAME = 'import-cycle';
export const WHY =
  'Files that need each other can only be read, tested and moved together, and what is defined first depends on who is imported first. Types count: they tie two files together just as firmly.';

export function offences({ files, packages }) {
  return [...fileCycles(files), ...packageCycles(files, packages)];
}

function fileCycles(files) {
  const graph = new Map(files.map((file) => [file.path, file.imports.map((each) => each.target).filter(Boolean)]));
  return cyclesOf(graph).map((cycle) => {
    const first = files.find((file) => file.path === cycle[0]);
    const line = first.imports.find((each) => each.target === cycle[1])?.line;
    return offence(`${cycle[0]}:${line}`, cycle);
  });
}

/** A package can need another and be needed by it through different files; that is a cycle of packages all the same. */
function packageCycles(files, packages) {
  const graph = new Map(packages.map((pkg) => [pkg.dir, new Set()]));
  for (const file of files.filter((each) => !each.isTest)) {
    for (const { specifier } of file.imports) {
      const target = packageNamed(specifier, packages);
      if (target && target !== file.package) graph.get(file.package.dir).add(target.dir);
    }
  }
  return cyclesOf(new Map([...graph].map(([dir, targets]) => [dir, [...targets]]))).map((cycle) =>
    offence(`${cycle[0]}/package.json`, cycle),
  );
}

function offence(at, cycle) {
  return {
    at,
    what: `These import each other in a circle: ${cycle.join(' -> ')}.`,
    fix: 'Move what both need into a file of its own that imports neither, or pass it in as a parameter.',
  };
}

/** One shortest circle per knot of nodes that can all reach each other; each circle ends where it began. */
function cyclesOf(graph) {
  return knots(graph).map((knot) => shortestCircle(graph, knot));
}

function shortestCircle(graph, knot) {
  const inside = new Set(knot);
  const circles = knot.map((start) => circleFrom(graph, start, inside)).filter(Boolean);
  return circles.reduce((best, each) => (each.length < best.length ? each : best));
}

/** Breadth first, so the first way back to the start is a shortest one. */
function circleFrom(graph, start, inside) {
  const queue = [[start]];
  const seen = new Set();
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const next of graph.get(way.at(-1)) ?? []) {
      if (next === start) return [...way, start];
      if (inside.has(next) && !seen.has(next)) {
        seen.add(next);
        queue.push([...way, next]);
      }
    }
  }
  return undefined;
}

/** Tarjan's strongly connected components, those with a circle in them. */
function knots(graph) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1 || (graph.get(node) ?? []).includes(node)) found.push(component);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
