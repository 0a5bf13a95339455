import type { Agent } from 'node:http';
import { type GuardOptions, guardedAgent } from './guard.ts';

/** The agents of one egress, made when first needed. */
export interface Agents {
  /** @param reuse keeps connections for calls that may be repeated; others get a fresh one that cannot be stale. */
  of(origin: string, reuse: boolean): Agent;
  close(): void;
}

export function createAgents(guard: GuardOptions): Agents {
  const made = new Map<string, Agent>();
  return {
    of(origin, reuse) {
      const key = `${origin} ${reuse}`;
      const agent = made.get(key) ?? guardedAgent(origin, guard, reuse);
      made.set(key, agent);
      return agent;
    },
    close() {
      for (const agent of made.values()) agent.destroy();
      made.clear();
    },
  };
}
