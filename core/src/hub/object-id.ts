/** Ids of objects the hub makes: the kind's letters and 128 bits by chance. */
import type { Random } from './ports.ts';

const PREFIX: { readonly [kind: string]: string } = { activity: 'act', question: 'question' };

export function newObjectId(random: Pick<Random, 'uuid'>): (kind: string) => string {
  return (kind) => `${PREFIX[kind] ?? kind}_${random.uuid().replaceAll('-', '')}`;
}
