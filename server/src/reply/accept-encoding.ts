export type Encoding = 'br' | 'gzip' | 'identity';

/** The encoding to answer with: the better compression among those the client takes. */
export function pickEncoding(acceptEncoding: string | undefined): Encoding {
  const accepted = new Map((acceptEncoding ?? '').toLowerCase().split(',').map(readEntry));
  const takes = (name: string) => (accepted.get(name) ?? accepted.get('*') ?? 0) > 0;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}

/** `gzip;q=0.5` → `['gzip', 0.5]` */
function readEntry(entry: string): [name: string, weight: number] {
  const [name = '', ...params] = entry.split(';').map((part) => part.trim());
  const weight = params.find((param) => param.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice(2))];
}
