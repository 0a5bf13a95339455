import type { Budget, BudgetWindow } from './budget.ts';

/** Counts in this process's memory: right for one process, and for tests. */
export function createMemoryBudget(): Budget {
  const uses = new Map<string, number[]>();
  const blockedUntil = new Map<string, number>();

  /** Times of the requests that still count, oldest first. */
  function counted({ key, windowMs, window }: BudgetWindow, nowMs: number): number[] {
    const times = uses.get(key) ?? [];
    const firstMs = window === 'fixed' ? Math.floor(nowMs / windowMs) * windowMs : nowMs - windowMs + 1;
    const stale = times.findIndex((at) => at >= firstMs);
    times.splice(0, stale < 0 ? times.length : stale);
    uses.set(key, times);
    return times;
  }

  /** When the window has room for one more below `allowed`. */
  function roomAtMs(window: BudgetWindow, times: number[], allowed: number, nowMs: number): number {
    if (window.window === 'fixed') return (Math.floor(nowMs / window.windowMs) + 1) * window.windowMs;
    return (times[times.length - allowed] ?? nowMs) + window.windowMs;
  }

  return {
    async take({ windows, blocks, share, nowMs }) {
      const waits = blocks.map((key) => blockedUntil.get(key) ?? 0).filter((untilMs) => untilMs > nowMs);
      const open = windows.map((window) => counted(window, nowMs));
      for (const [index, window] of windows.entries()) {
        const times = open[index] ?? [];
        const allowed = Math.max(1, Math.floor(window.requests * share));
        if (times.length >= allowed) waits.push(roomAtMs(window, times, allowed, nowMs));
      }
      if (waits.length > 0) return { granted: false, untilMs: Math.max(...waits) };
      for (const times of open) times.push(nowMs);
      return { granted: true };
    },
    async learn(window, remaining, nowMs) {
      const times = counted(window, nowMs);
      const unseen = window.requests - remaining - times.length;
      for (let index = 0; index < unseen; index += 1) times.push(nowMs);
    },
    async left(window, nowMs) {
      return Math.max(0, window.requests - counted(window, nowMs).length);
    },
    async block(key, untilMs) {
      blockedUntil.set(key, Math.max(untilMs, blockedUntil.get(key) ?? 0));
    },
  };
}
