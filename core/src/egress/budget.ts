/** Request budgets: how many calls a provider grants in a window. The seam between the egress and who counts. */
import type { RequestLimit } from '../provider/policy.ts';

export interface BudgetWindow {
  /** Names what is counted together: plugin, scope, whose, length. */
  key: string;
  windowMs: number;
  requests: number;
  window: 'fixed' | 'rolling';
}

export interface BudgetRequest {
  windows: readonly BudgetWindow[];
  /** Keys of `block` that hold this request back. */
  blocks: readonly string[];
  /** Part of every window this request may use: 1 for live traffic, less for history. */
  share: number;
  nowMs: number;
}

export type BudgetAnswer = { granted: true } | { granted: false; untilMs: number };

/** Counts requests. An implementation over the store makes budgets hold across processes. */
export interface Budget {
  /** Takes one request out of every window, or of none when one of them is full. */
  take(request: BudgetRequest): Promise<BudgetAnswer>;
  /** The provider told how many are left in a window: counts what others used, never less than we know of. */
  learn(window: BudgetWindow, remaining: number, nowMs: number): Promise<void>;
  /** Requests left in a window, as far as is known. */
  left(window: BudgetWindow, nowMs: number): Promise<number>;
  /** The provider asked for silence until a time. */
  block(key: string, untilMs: number): Promise<void>;
}

/** The windows of one request. Limits per user or token count only where the request says whose it is. */
export function windowsOf(
  plugin: string,
  limits: readonly RequestLimit[],
  subject: string | null,
  athletes: number,
): BudgetWindow[] {
  return limits.flatMap((limit) => {
    const isPersonal = limit.scope === 'user' || limit.scope === 'token';
    if (isPersonal && subject === null) return [];
    const requests =
      typeof limit.requests === 'number' ? limit.requests : limit.requests.base + limit.requests.perAthlete * athletes;
    const key = [plugin, limit.scope, isPersonal ? subject : '', limit.windowS].join('|');
    return [{ key, windowMs: limit.windowS * 1000, requests, window: limit.window }];
  });
}
