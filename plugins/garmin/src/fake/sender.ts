/**
 * Notifications on their way (garmin.md §2.1): POST with Garmin's headers, exactly 200 within 30 s counts, anything else
 * is repeated with growing waits. Seven days are scaled to minutes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@coach-hub/core';
import type { Faults } from './faults.ts';
import { numberParam, textParam } from './params.ts';
import type { Portal } from './portal.ts';

export interface Attempt {
  /** HTTP status; null when there was no answer. */
  status: number | null;
  error: string | null;
}

export interface Message {
  id: number;
  types: string[];
  bytes: number;
  state: 'waiting' | 'delivered' | 'given_up' | 'dropped';
  attempts: Attempt[];
}

export interface Sender {
  /** Resolves after the first attempt; further ones go on by themselves. */
  send(types: string[], body: string): Promise<Message>;
  /** Every message so far, oldest first. */
  messages(): Message[];
  /** Resolves when no message waits any more, or when the time is over. */
  settle(timeoutMs: number): Promise<boolean>;
  /** Posts a body once, as it is. @returns the status, null when there was no answer. */
  post(body: string, headers?: { [name: string]: string }): Promise<Attempt>;
  close(): void;
}

const CUT_AT = 0.5;

export function createSender(deps: { portal: Portal; faults: Faults; clientId: string; log: Log }): Sender {
  const { portal, faults, clientId, log } = deps;
  const messages: Message[] = [];
  const onWay = new Set<Promise<void>>();
  const stop = new AbortController();

  async function post(body: string, headers: { [name: string]: string } = {}): Promise<Attempt> {
    if (portal.webhookUrl === null) return { status: null, error: 'no endpoint is configured' };
    try {
      const answer = await fetch(portal.webhookUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json;charset=UTF-8',
          'user-agent': 'Garmin Health API',
          'garmin-client-id': clientId,
          ...headers,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(portal.timeoutMs)]),
      });
      await answer.arrayBuffer();
      return { status: answer.status, error: null };
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.name : 'unknown' };
    }
  }

  async function attempt(message: Message, body: string): Promise<void> {
    const outcome = await post(body);
    message.attempts.push(outcome);
    if (outcome.status === 200) message.state = 'delivered';
    else if (message.attempts.length >= portal.maxAttempts || stop.signal.aborted) message.state = 'given_up';
    log.debug('notification sent', { id: message.id, types: message.types, ...outcome });
  }

  async function keepTrying(message: Message, body: string): Promise<void> {
    while (message.state === 'waiting') {
      const waitMs = Math.min(portal.retryMaxMs, portal.retryBaseMs * 2 ** (message.attempts.length - 1));
      await pause(waitMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
      await attempt(message, body);
    }
  }

  function inBackground(work: Promise<void>): void {
    onWay.add(work);
    void work.finally(() => onWay.delete(work));
  }

  async function sendOnce(types: string[], body: string): Promise<Message> {
    const message: Message = { id: messages.length + 1, types, bytes: body.length, state: 'waiting', attempts: [] };
    messages.push(message);
    const delay = faults.take('delay');
    if (faults.take('drop') !== null) message.state = 'dropped';
    else if (delay !== null) {
      const late = pause(numberParam(delay, 'ms', 400), undefined, { signal: stop.signal }).catch(() => {});
      inBackground(late.then(() => attempt(message, body)).then(() => keepTrying(message, body)));
    } else {
      await attempt(message, body);
      if (message.state === 'waiting') inBackground(keepTrying(message, body));
    }
    return message;
  }

  return {
    async send(types, body) {
      const damage = faults.take('tamper', (params) => textParam(params, 'what', 'body') !== 'file');
      const sent = damage === null ? body : damaged(body, textParam(damage, 'what', 'body'));
      const message = await sendOnce(types, sent);
      if (faults.take('duplicate') !== null) await sendOnce(types, sent);
      return message;
    },
    messages: () => messages,
    async settle(timeoutMs) {
      const deadline = pause(timeoutMs, 'late', { ref: false });
      while (onWay.size > 0) if ((await Promise.race([Promise.all(onWay), deadline])) === 'late') return false;
      return true;
    },
    post,
    close: () => stop.abort(),
  };
}

function damaged(body: string, what: string): string {
  if (what !== 'item') return body.slice(0, Math.floor(body.length * CUT_AT));
  const parsed = JSON.parse(body) as { [key: string]: { [key: string]: unknown }[] };
  const [first] = Object.values(parsed);
  if (first?.[0] !== undefined) delete first[0].userId;
  return JSON.stringify(parsed);
}
