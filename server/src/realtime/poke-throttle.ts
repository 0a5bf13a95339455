/** Shortest time between two pokes of one stream, ms. */
export const POKE_INTERVAL_MS = 250;

export interface PokeThrottle {
  /** Sends the rev now, or the newest one when the interval is over. Revs that do not go forward are left out. */
  offer(rev: number): void;
  stop(): void;
}

/** A burst of commits becomes few pokes, the last of which always names the newest rev. */
export function pokeThrottle(send: (rev: number) => void): PokeThrottle {
  let sent = -1;
  let waiting = -1;
  let timer: NodeJS.Timeout | null = null;
  const sendNow = (rev: number) => {
    sent = rev;
    timer = setTimeout(() => {
      timer = null;
      if (waiting > sent) sendNow(waiting);
    }, POKE_INTERVAL_MS);
    send(rev);
  };
  return {
    offer(rev) {
      if (rev <= sent) return;
      waiting = Math.max(waiting, rev);
      if (timer === null) sendNow(waiting);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = -1;
      sent = Number.POSITIVE_INFINITY;
    },
  };
}
