/** Files that are no recordings, counted by what they are called: an account's export has hundreds of them. */
import { extname } from 'node:path';
import { count, counted } from '../screen/figures.ts';

/** More kinds than these are not told apart. */
const MOST_KINDS = 5;

export interface PassedOver {
  add(path: string): void;
  /** One sentence; null when there was none. */
  sentence(): string | null;
}

export function createPassedOver(): PassedOver {
  const kinds = new Map<string, number>();
  let files = 0;
  return {
    add(path) {
      const kind = /^\.[a-z0-9]{1,8}$/.exec(extname(path).toLowerCase())?.[0] ?? 'without extension';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      files += 1;
    },
    sentence() {
      if (files === 0) return null;
      const most = [...kinds].sort(([, a], [, b]) => b - a);
      const named = most.slice(0, MOST_KINDS).map(([kind, number]) => `${count(number)} ${kind}`);
      const rest = most.length > MOST_KINDS ? ', …' : '';
      return `${counted(files, 'other file')} passed over: ${named.join(', ')}${rest}.`;
    },
  };
}
