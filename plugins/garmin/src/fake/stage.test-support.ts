import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RunningFake, silentLog } from '@coach-hub/core';
import { onTestFinished } from 'vitest';
import { fake } from './index.ts';

export const NOON_MS = Date.parse('2026-05-01T12:00:00Z');
export const VERIFIER = 'v'.repeat(64);
export const CALLBACK = 'http://127.0.0.1:9/v1/connections/callback/garmin';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  json: { [type: string]: { [key: string]: unknown }[] };
}

/** A hub's end of the wire: keeps what comes and answers with the statuses it is given, 200 after that. */
export async function openReceiver(): Promise<{ url: string; received: Received[]; answers: number[] }> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    received.push({ headers: request.headers, body, json: parsed(body) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/garmin/secret`,
    received,
    answers,
  };
}

function parsed(body: string): Received['json'] {
  try {
    return JSON.parse(body) as Received['json'];
  } catch {
    return {};
  }
}

/** A number generator with a seed: the same seed, the same story. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Stage {
  garmin: RunningFake;
  clock: { nowMs: number };
  received: Received[];
  answers: number[];
  /** What Garmin's API answers to a path, as a hub would ask. */
  get(path: string, token: string): Promise<Response>;
  token(form: { [name: string]: string }): Promise<Response>;
  authorizeUrl(query?: { [name: string]: string }): string;
}

/** A fake Garmin on a stopped clock, and a receiver it notifies. */
export async function setStage(): Promise<Stage> {
  const clock = { nowMs: NOON_MS };
  const garmin = await fake.start({ port: 0, now: () => clock.nowMs, random: seeded(1), log: silentLog });
  onTestFinished(() => garmin.close());
  const { url, received, answers } = await openReceiver();
  garmin.setWebhook(url);
  await garmin.act('settings', { retryBaseMs: 5, retryMaxMs: 40 });
  const { clientId = '', clientSecret = '' } = garmin.pluginConfig;
  return {
    garmin,
    clock,
    received,
    answers,
    get: (path, token) => fetch(new URL(path, garmin.url), { headers: { authorization: `Bearer ${token}` } }),
    token: (form) =>
      fetch(`${garmin.url}/di-oauth2-service/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
      }),
    authorizeUrl: (query = {}) => {
      const request = {
        response_type: 'code',
        client_id: clientId,
        code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
        code_challenge_method: 'S256',
        redirect_uri: CALLBACK,
        state: 's-1',
        ...query,
      };
      return `${garmin.url}/oauth2Confirm?${new URLSearchParams(request)}`;
    },
  };
}

/** Consents as the athlete and redeems the code as the hub. */
export async function connect(stage: Stage, params: { [key: string]: unknown } = {}) {
  const outcome = await stage.garmin.act('consent', { url: stage.authorizeUrl(), follow: false, ...params });
  const code = new URL(String(outcome.redirectUrl)).searchParams.get('code') ?? '';
  const answer = await redeem(stage, code);
  const tokens = (await answer.json()) as { access_token: string; refresh_token: string; expires_in: number };
  return { userId: String(outcome.userId), code, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
}

export function redeem(stage: Stage, code: string, form: { [name: string]: string } = {}): Promise<Response> {
  return stage.token({
    grant_type: 'authorization_code',
    code,
    code_verifier: VERIFIER,
    redirect_uri: CALLBACK,
    ...form,
  });
}

export function refresh(stage: Stage, refreshToken: string): Promise<Response> {
  return stage.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
}
