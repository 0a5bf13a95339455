/**
 * The check inside the connection itself: the address that is judged is the address that is connected to, so a name
 * that changes its mind between a check and a connect gains nothing.
 */
import { lookup } from 'node:dns/promises';
import { type Agent, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressProblem, isLoopback } from './address.ts';
import { refused } from './refusals.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Every address of a name, as the system resolves it. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

export interface GuardOptions {
  resolve: Resolve;
  /** Exact `host:port` pairs that may lead to this machine. */
  loopback: readonly string[];
}

/**
 * An agent that connects to `origin` alone, and only to public addresses of it.
 *
 * The guard sits in own properties of the agent, because some HTTP clients deep-copy the options they are given.
 *
 * @param keepAlive reuses connections; off for requests that must not fail on a stale one.
 */
export function guardedAgent(origin: string, options: GuardOptions, keepAlive: boolean): Agent {
  const target = new URL(origin);
  const host = bareHost(target.hostname);
  const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
  const mayLoop = options.loopback.some((pair) => pair === `${target.hostname}:${port}`);
  const refusal = connectRefusal(target, host, mayLoop);
  const settings = {
    keepAlive,
    maxFreeSockets: 8,
    lookup: guardedLookup(options.resolve, mayLoop),
    // Explicit, so that no environment variable can turn it off.
    ...(target.protocol === 'https:' ? { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const } : {}),
  };
  const agent = target.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (connectOptions, callback) => {
    const { host: toHost, port: toPort } = connectOptions as { host?: string; port?: number | string };
    const error =
      refusal ??
      (bareHost(toHost ?? '') === host && Number(toPort) === port
        ? null
        : refused('A connection was not made.', 'It leads away from the host it was opened for.'));
    if (error) throw error;
    return connect(connectOptions, callback) as Duplex;
  };
  return agent;
}

/** What can be refused before a name is looked up: plain http, and literal addresses. */
function connectRefusal(target: URL, host: string, mayLoop: boolean): Error | null {
  const what = `A connection to ${target.host} was not made.`;
  if (isIP(host) !== 0 && !isAllowed(host, mayLoop)) {
    return refused(what, `Its address is ${addressProblem(host) ?? 'not allowed'}.`);
  }
  if (target.protocol !== 'https:' && !mayLoop) return refused(what, 'It is not https.');
  return null;
}

/** A `lookup` that fails when any address of the name must not be reached: a name that mixes both is an attack. */
export function guardedLookup(resolve: Resolve, mayLoop: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const bad = addresses.find(({ address }) => !isAllowed(address, mayLoop));
        const [first] = addresses;
        if (bad) {
          const why = `The name leads to an address that is ${addressProblem(bad.address) ?? 'not this machine'}.`;
          callback(refused(`A connection to ${hostname} was not made.`, why), '', 0);
        } else if (!first) {
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0);
        } else if (options.all) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

/** A pair on the loopback list leads to this machine and nowhere else; everything else only to public addresses. */
function isAllowed(address: string, mayLoop: boolean): boolean {
  return mayLoop ? isLoopback(address) : addressProblem(address) === null;
}

function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
