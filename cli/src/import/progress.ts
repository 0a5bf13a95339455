/** Progress of many files, on stderr: a line that is written over on a terminal, now and then a line elsewhere. */
import { counted } from '../screen/figures.ts';
import type { World } from '../world.ts';

/** From so many files on it is worth a line. */
const MANY = 4;
const QUIET_MS = 1_000;
const LINE_EVERY_MS = 5_000;
const CLEAR_LINE = '\r\u001B[2K';

export interface Progress {
  advance(): void;
  /** Lets something else be printed without the line in its way. */
  interrupt(print: () => void): void;
  end(): void;
}

export function createProgress(
  total: number,
  { stderr, clock }: Pick<World, 'stderr' | 'clock'>,
  one = 'file',
): Progress {
  const startedAtMs = clock.now();
  let done = 0;
  let lineAtMs = startedAtMs + QUIET_MS - LINE_EVERY_MS;
  const isLive = stderr.isTty && total >= MANY;
  const text = () => `${done} of ${counted(total, one)}`;
  const draw = () => {
    if (isLive) stderr.write(`${CLEAR_LINE}${text()}`);
  };
  const clear = () => {
    if (isLive) stderr.write(CLEAR_LINE);
  };
  draw();
  return {
    advance() {
      done += 1;
      if (isLive) return draw();
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
  };
}
