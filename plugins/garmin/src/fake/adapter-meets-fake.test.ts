import type { ConnectionHttp, Notice } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { auth, classifyRefreshFailure } from '../auth.ts';
import { envelope, notification } from '../fixture.test-support.ts';
import { normalise } from '../normalise.ts';
import { split } from '../split.ts';
import { webhook } from '../webhook.ts';
import { connect, refresh, type Stage, setStage } from './stage.test-support.ts';

/** Calls of the adapter as the hub would make them. */
function httpFor(stage: Stage, token: string): ConnectionHttp {
  const call = (host: string, path: string, method: string) =>
    fetch(`${stage.garmin.hosts[host]}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return {
    async getJson(host, path) {
      const answer = await call(host, path, 'GET');
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    },
    async request(host, path, { method }) {
      return { status: (await call(host, path, method)).status, json: null };
    },
  };
}

/** Fetches what a notice names and splits the answer, as the hub would. */
async function fetched(stage: Stage, notice: Notice, token: string) {
  if (notice.type !== 'fetch') throw new Error(`expected a fetch, got ${notice.type}`);
  const { url, ref, identity } = notice;
  const bytes = new Uint8Array(await (await stage.get(url, token)).arrayBuffer());
  return split({ route: 'fetch', headers: {}, bytes, ref, identity });
}

describe('the adapter and the fake', () => {
  it.each(['array', 'object', 'booleans'])('agree on the account and what it allows (%s)', async (permissionsShape) => {
    const stage = await setStage();
    const { userId, accessToken } = await connect(stage, { permissions: ['ACTIVITY_EXPORT', 'WORKOUT_IMPORT'] });
    await stage.garmin.act('settings', { permissionsShape });
    if (auth.type !== 'oauth2') throw new Error('expected OAuth 2');
    expect(await auth.resolveIdentity(httpFor(stage, accessToken), {})).toEqual({
      identity: userId,
      permissions: ['ACTIVITY_EXPORT', 'WORKOUT_IMPORT'],
    });
  });

  it('agree on leaving, twice', async () => {
    const stage = await setStage();
    const { userId, accessToken } = await connect(stage);
    const http = httpFor(stage, accessToken);
    await auth.revoke!(http);
    await auth.revoke!(http);
    await expect.poll(() => stage.received.length).toBe(1);
    expect(split(notification(stage.received[0]!.json)).notices).toEqual([{ type: 'deauthorised', identity: userId }]);
  });

  it('agree on which failed refresh ends a connection', async () => {
    const stage = await setStage();
    const { refreshToken } = await connect(stage);
    const failures = [];
    for (const fault of ['http_429', 'http_5xx', 'revoke']) {
      stage.garmin.fault(fault, 1, { where: 'token' });
      const answer = await refresh(stage, refreshToken);
      failures.push(classifyRefreshFailure(answer.status, await answer.json()));
    }
    expect(failures).toEqual(['transient', 'transient', 'revoked']);
  });

  it('agree on who sends', async () => {
    const stage = await setStage();
    await stage.garmin.act('unknown_user');
    const headers = new Headers({ 'garmin-client-id': String(stage.received[0]!.headers['garmin-client-id']) });
    const request = { method: 'POST', headers, query: {}, bytes: new Uint8Array() };
    expect(webhook.verify(request, stage.garmin.pluginConfig)).toBe('valid');
  });

  it('agree on a run, which is the same by push and by ping, byte for byte', async () => {
    const stage = await setStage();
    const { userId, accessToken } = await connect(stage);
    const { activityId, sha256 } = await stage.garmin.act('run', { durationS: 300, distanceM: 1_000 });
    await stage.garmin.act('redeliver', { activityId, deliver: ['summary', 'details', 'ping'] });
    const sorted = stage.received.map(({ json }) => split(notification(json)));
    const pushed = sorted.flatMap(({ envelopes }) => envelopes);
    const [file, ...pings] = sorted.flatMap(({ notices }) => notices);
    const pulled = (await Promise.all(pings.map((notice) => fetched(stage, notice, accessToken)))).flatMap(
      ({ envelopes }) => envelopes,
    );
    expect(pulled).toEqual(pushed);
    expect(pushed.map(({ identity, externalId }) => [identity, externalId])).toEqual([
      [userId, activityId],
      [userId, activityId],
    ]);
    const [recording] = (await fetched(stage, file!, accessToken)).envelopes;
    expect(envelope('activityFiles', recording!.bytes).sha256).toBe(sha256);
    const claims = [...pushed, recording!].flatMap(({ stream, bytes }) => normalise(envelope(stream, bytes)).claims);
    expect(claims.map(({ form }) => form)).toEqual(['summary', 'details', 'file']);
  });

  it.each(['body', 'item'])('agree that a damaged %s harms nothing else', async (what) => {
    const stage = await setStage();
    await connect(stage);
    stage.garmin.fault('tamper', 1, { what });
    await stage.garmin.act('run', { count: 2, durationS: 30, distanceM: 100, deliver: ['summary'] });
    const { envelopes, problems } = split({
      ...notification(''),
      bytes: new TextEncoder().encode(stage.received[0]!.body),
    });
    expect([envelopes.length, problems.length]).toEqual(what === 'item' ? [1, 1] : [0, 1]);
  });
});
