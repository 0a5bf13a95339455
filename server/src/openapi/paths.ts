export interface DescribedPath {
  /** In OpenAPI's notation. */
  path: string;
  /** Names of the parameters in it. */
  params: string[];
  /** Tells apart the operations of one endpoint. */
  suffix: string;
}

/** `/a/:b/:c?` → `/a/{b}` and `/a/{b}/{c}`: OpenAPI knows no optional part. */
export function pathsOf(pattern: string): DescribedPath[] {
  const optional = /\/:(\w+)\?$/.exec(pattern);
  if (!optional) return [describe(pattern, '')];
  const [tail, name = ''] = optional;
  return [
    describe(pattern.slice(0, -tail.length), ''),
    describe(pattern.slice(0, -1), `With${name.charAt(0).toUpperCase()}${name.slice(1)}`),
  ];
}

function describe(pattern: string, suffix: string): DescribedPath {
  return {
    path: pattern.replace(/:(\w+)/g, '{$1}'),
    params: [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
    suffix,
  };
}
