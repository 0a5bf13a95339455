/**
 * The only way out. Goes where plugins declared, to public addresses, within budgets; a token reaches its own
 * plugin's hosts and no other; errors and logs never show a query, a header or a body.
 */
import type { Agent } from 'node:http';
import { HubError } from '../error/hub-error.ts';
import type { Log } from '../hub/log.ts';
import type { Clock, Random } from '../hub/ports.ts';
import { type Meter, silentMeter } from '../metrics/meter.ts';
import { outcomeOf } from '../metrics/outcome-of.ts';
import type { RequestLimit } from '../provider/policy.ts';
import { createAgents } from './agents.ts';
import { type Budget, windowsOf } from './budget.ts';
import { type GuardOptions, guardedAgent, type Resolve, systemResolve } from './guard.ts';
import type { HostEntry, HostTable } from './hosts.ts';
import { createMemoryBudget } from './memory-budget.ts';
import { type Pause, pause as realPause } from './pause.ts';
import { budgetSpent, refused } from './refusals.ts';
import type { EgressRequest, EgressResponse } from './request.ts';
import { createRoundTrip } from './round-trip.ts';
import { callbackTarget, hostTarget } from './target.ts';

export interface EgressOptions {
  hosts: HostTable;
  /** Exact `host:port` pairs of this machine that may be reached. Only the demo, `coach fake` and tests have any. */
  loopback: readonly string[];
  clock: Clock;
  random: Pick<Random, 'next'>;
  log: Log;
  /** Budgets a plugin's provider grants. Default: none. */
  limits?: (plugin: string) => readonly RequestLimit[];
  /** Connected athletes of a plugin, for budgets that grow with them. */
  athletes?: (plugin: string) => number;
  budget?: Budget;
  resolve?: Resolve;
  pause?: Pause;
  /** Default: nothing is counted. */
  meter?: Meter;
}

/** A window that the whole app shares, and what is left of it. */
export interface BudgetLeft {
  plugin: string;
  windowS: number;
  left: number;
}

export interface Egress {
  /** Calls a path of a logical host. Resolves for every status; see `EgressResponse`. */
  fetch(host: string, path: string, request?: EgressRequest): Promise<EgressResponse>;
  /** Calls an address a provider gave, verbatim, when it is on one of `allowedHosts`. */
  fetchUrl(url: string, request: EgressRequest & { allowedHosts: readonly string[] }): Promise<EgressResponse>;
  /**
   * Why `fetchUrl` would not call an address, as far as the address alone tells; null where it would try. A name may
   * still turn out to lead where nothing may go.
   */
  refusalOf(url: string, request: { allowedHosts: readonly string[] }): HubError | null;
  /** An agent for HTTP clients that are not ours: connects to this host alone, with the same checks. */
  agentFor(host: string): Agent;
  /** Where a logical host leads at present, for addresses that a browser opens. */
  originOf(host: string): string;
  /** Logical hosts of a plugin. */
  hostsOf(plugin: string): string[];
  /** Takes one request out of the budgets, for calls made with `agentFor`. @throws HubError `rate_limited`. */
  takeBudget(host: string, request?: Pick<EgressRequest, 'subject' | 'priority'>): Promise<void>;
  /** Windows that all athletes share. Personal ones are left out: there are as many as connections. */
  budgets(): Promise<BudgetLeft[]>;
  /** Closes idle connections. */
  close(): void;
}

/** History may use this part of a window, so that what happens now is never kept waiting by the past. */
const HISTORY_SHARE = 0.5;

export function createEgress(options: EgressOptions): Egress {
  const { hosts, clock, meter = silentMeter } = options;
  const budget = options.budget ?? createMemoryBudget();
  const guard: GuardOptions = { resolve: options.resolve ?? systemResolve, loopback: options.loopback };
  const agents = createAgents(guard);

  const windows = (entry: HostEntry, subject: string | undefined) =>
    windowsOf(
      entry.plugin,
      options.limits?.(entry.plugin) ?? [],
      subject ?? null,
      options.athletes?.(entry.plugin) ?? 0,
    );

  async function budgetsOf(plugin: string): Promise<BudgetLeft[]> {
    const limits = (options.limits?.(plugin) ?? []).filter(({ scope }) => scope === 'app' || scope === 'project');
    const shared = windowsOf(plugin, limits, null, options.athletes?.(plugin) ?? 0);
    return Promise.all(
      shared.map(async (window) => ({
        plugin,
        windowS: window.windowMs / 1_000,
        left: await budget.left(window, clock.now()),
      })),
    );
  }

  /** Counts what never left the hub: an address or a budget that forbids it. */
  function countRefused(plugin: string, error: unknown): void {
    const code = outcomeOf(error);
    if (code === 'egress_refused' || code === 'rate_limited')
      meter.count('coach_egress_refused_total', { plugin, code });
  }

  async function counted<T>(plugin: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      countRefused(plugin, error);
      throw error;
    }
  }

  async function takeBudget(entry: HostEntry, { subject, priority }: EgressRequest): Promise<void> {
    const answer = await budget.take({
      windows: windows(entry, subject),
      blocks: subject === undefined ? [entry.plugin] : [entry.plugin, `${entry.plugin}|${subject}`],
      share: priority === 'history' ? HISTORY_SHARE : 1,
      nowMs: clock.now(),
    });
    if (!answer.granted) throw budgetSpent(entry.plugin, answer.untilMs);
  }

  /** What an answer tells about the budgets. */
  async function learn(entry: HostEntry, { subject }: EgressRequest, response: EgressResponse): Promise<void> {
    const limits = options.limits?.(entry.plugin) ?? [];
    for (const limit of limits) {
      const header = limit.remainingHeader === null ? undefined : response.headers[limit.remainingHeader.toLowerCase()];
      const [window] = windowsOf(entry.plugin, [limit], subject ?? null, options.athletes?.(entry.plugin) ?? 0);
      if (window && header !== undefined && /^\d+$/.test(header))
        await budget.learn(window, Number(header), clock.now());
    }
    if (response.status !== 429 || response.retryAfterMs === null) return;
    const isPersonal = limits.some(({ scope }) => scope === 'user' || scope === 'token');
    const key = isPersonal && subject !== undefined ? `${entry.plugin}|${subject}` : entry.plugin;
    await budget.block(key, clock.now() + response.retryAfterMs);
  }

  /** Whose request it is: all hosts of a request are one plugin's. */
  function pluginOf(allowed: readonly string[]): string {
    return hosts.entries().find(({ name }) => allowed.includes(name))?.plugin ?? 'unknown';
  }

  const roundTrip = createRoundTrip({
    clock,
    random: options.random,
    log: options.log,
    meter,
    pause: options.pause ?? realPause,
    agents,
    takeBudget,
    learn,
    redirectTarget: (address, allowedHosts) => callbackTarget(hosts, address, allowedHosts),
  });

  return {
    fetch: (host, path, request = {}) =>
      counted(pluginOf([host]), async () => roundTrip(hostTarget(hosts, host, path, request.query), request, [host])),
    fetchUrl: (url, { allowedHosts, ...request }) =>
      counted(pluginOf(allowedHosts), async () => {
        if (request.query)
          throw refused(
            'An address a provider gave was not followed.',
            'It is taken verbatim, without a query of ours.',
          );
        return roundTrip(callbackTarget(hosts, url, allowedHosts), request, allowedHosts);
      }),
    refusalOf(url, { allowedHosts }) {
      try {
        callbackTarget(hosts, url, allowedHosts);
        return null;
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        countRefused(pluginOf(allowedHosts), error);
        return error;
      }
    },
    agentFor: (host) => guardedAgent(hosts.entry(host).origin, guard, false),
    originOf: (host) => hosts.entry(host).origin,
    hostsOf: (plugin) => hosts.entries().flatMap((entry) => (entry.plugin === plugin ? [entry.name] : [])),
    takeBudget: (host, request = {}) => counted(pluginOf([host]), async () => takeBudget(hosts.entry(host), request)),
    async budgets() {
      const plugins = new Set(hosts.entries().map(({ plugin }) => plugin));
      return (await Promise.all([...plugins].map(budgetsOf))).flat();
    },
    close: () => agents.close(),
  };
}
