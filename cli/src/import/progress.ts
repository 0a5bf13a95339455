/** Progress of many files, on stderr: a line that is written over on a terminal, now and then a line elsewhere. */
import { basename } from 'node:path';
import { count, counted } from '../screen/figures.ts';
import { shortened } from '../screen/shortened.ts';
import type { World } from '../world.ts';

/** From so many files on it is worth a line. */
const MANY = 4;
const QUIET_MS = 1_000;
const LINE_EVERY_MS = 5_000;
const CLEAR_LINE = '\r\u001B[2K';

export interface Progress {
  /** So many more are known of: archives tell when they are opened. */
  found(files: number): void;
  /** @param path of what is done, where it has one. */
  advance(path?: string): void;
  /** Lets something else be printed without the line in its way. */
  interrupt(print: () => void): void;
  end(): void;
  total(): number;
}

export function createProgress({ stderr, clock }: Pick<World, 'stderr' | 'clock'>, one = 'file'): Progress {
  const startedAtMs = clock.now();
  let total = 0;
  let done = 0;
  let name = '';
  let lineAtMs = startedAtMs + QUIET_MS - LINE_EVERY_MS;
  const isLive = () => stderr.isTty && total >= MANY;
  const rate = () => {
    const forMs = clock.now() - startedAtMs;
    return forMs < QUIET_MS ? '' : `, ${count((done * 1_000) / forMs)}/s`;
  };
  const text = () => `${count(done)} of ${counted(total, one)}${rate()}${name === '' ? '' : `, ${name}`}`;
  const draw = () => {
    if (isLive()) stderr.write(`${CLEAR_LINE}${text()}`);
  };
  const clear = () => {
    if (isLive()) stderr.write(CLEAR_LINE);
  };
  return {
    found(files) {
      total += files;
      draw();
    },
    advance(path = '') {
      done += 1;
      name = shortened(basename(path));
      if (isLive()) return draw();
      if (stderr.isTty || total < 2 || done === total || clock.now() < lineAtMs + LINE_EVERY_MS) return;
      lineAtMs = clock.now();
      stderr.write(`${text()}\n`);
    },
    interrupt(print) {
      clear();
      print();
      draw();
    },
    end: clear,
    total: () => total,
  };
}
