/** How far long work is, on stderr: one line that is written over on a terminal, now and then a line elsewhere. */
import type { World } from '../world.ts';

const EVERY_MS = 5_000;
const DRAW_EVERY_MS = 50;
const CLEAR_LINE = '\r\u001B[2K';

export interface LiveLine {
  show(text: string): void;
  end(): void;
}

/** Work of less than a few seconds says nothing where there is no terminal. */
export function createLiveLine({ stderr, clock }: Pick<World, 'stderr' | 'clock'>): LiveLine {
  let saidAtMs = clock.now();
  return {
    show(text) {
      const nowMs = clock.now();
      if (nowMs - saidAtMs < (stderr.isTty ? DRAW_EVERY_MS : EVERY_MS)) return;
      saidAtMs = nowMs;
      stderr.write(stderr.isTty ? `${CLEAR_LINE}${text}` : `${text}\n`);
    },
    end() {
      if (stderr.isTty) stderr.write(CLEAR_LINE);
    },
  };
}
