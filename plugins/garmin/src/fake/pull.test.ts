import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { connect, NOON_MS, type Stage, setStage } from './stage.test-support.ts';

const SHORT_RUN = { durationS: 120, distanceM: 400 };

/** The address of the last ping. */
function pinged(stage: Stage): URL {
  const [item] = Object.values(stage.received.at(-1)!.json)[0]!;
  return new URL(String(item!.callbackURL));
}

describe('the address of a ping', () => {
  it('answers a bare array of what was uploaded, without naming the account', async () => {
    const stage = await setStage();
    const { accessToken } = await connect(stage);
    const { activityId } = await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary', 'ping'] });
    const url = pinged(stage);
    expect(url.origin).toBe(stage.garmin.url);
    const answer = (await (await stage.get(url.href, accessToken)).json()) as object[];
    expect(answer).toMatchObject([{ summaryId: activityId, activityType: 'RUNNING', distanceInMeters: 400 }]);
    expect(answer[0]).not.toHaveProperty('userId');
  });

  it('names the account where Garmin does', async () => {
    const stage = await setStage();
    const { accessToken, userId } = await connect(stage);
    await stage.garmin.act('settings', { pullNamesUser: true });
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['details', 'ping'] });
    expect(await (await stage.get(pinged(stage).href, accessToken)).json()).toMatchObject([{ userId }]);
  });

  it('is refused for a window wider than 24 hours', async () => {
    const stage = await setStage();
    const { accessToken } = await connect(stage);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary', 'ping'] });
    const url = pinged(stage);
    const ask = async (widthS: number) => {
      url.searchParams.set('uploadStartTimeInSeconds', String(NOON_MS / 1_000));
      url.searchParams.set('uploadEndTimeInSeconds', String(NOON_MS / 1_000 + widthS));
      return (await stage.get(url.href, accessToken)).status;
    };
    expect([await ask(86_400), await ask(86_401), await ask(-1)]).toEqual([200, 400, 400]);
  });

  it.each([
    ['another pull token', (url: URL) => url.searchParams.set('token', 'ffff'), 400],
    [
      'another type',
      (url: URL) => {
        url.pathname = '/wellness-api/rest/activityDetails';
      },
      400,
    ],
    [
      'a type it does not have',
      (url: URL) => {
        url.pathname = '/wellness-api/rest/nothing';
      },
      404,
    ],
  ])('is refused with %s', async (_what, change, status) => {
    const stage = await setStage();
    const { accessToken } = await connect(stage);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary', 'ping'] });
    const url = pinged(stage);
    change(url);
    expect((await stage.get(url.href, accessToken)).status).toBe(status);
  });

  it('is refused without a token, with one of another account, and without the permission', async () => {
    const stage = await setStage();
    const { accessToken, userId } = await connect(stage);
    const { userId: otherId } = await stage.garmin.act('account');
    const other = await connect(stage, { userId: otherId });
    await stage.garmin.act('run', { ...SHORT_RUN, userId, deliver: ['summary', 'ping'] });
    const url = pinged(stage).href;
    await stage.garmin.act('permissions', { userId, permissions: ['HEALTH_EXPORT'] });
    const statuses = [fetch(url), stage.get(url, other.accessToken), stage.get(url, accessToken)].map(
      async (each) => (await each).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 400, 412]);
  });
});

describe('a file', () => {
  it('can be downloaded once; the second time it is gone', async () => {
    const stage = await setStage();
    const { accessToken } = await connect(stage);
    const { sha256 } = await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['file'] });
    const url = pinged(stage).href;
    const first = await stage.get(url, accessToken);
    const bytes = new Uint8Array(await first.arrayBuffer());
    expect(first.headers.get('content-type')).toBe('application/octet-stream');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect((await stage.get(url, accessToken)).status).toBe(410);
  });

  it('is not used up by a call that is refused', async () => {
    const stage = await setStage();
    const { accessToken } = await connect(stage);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['file'] });
    const url = pinged(stage).href;
    stage.garmin.fault('http_5xx', 1);
    const statuses = [];
    for (const token of [accessToken, 'wrong', accessToken]) statuses.push((await stage.get(url, token)).status);
    expect(statuses).toEqual([503, 401, 200]);
  });

  it('is gone after 24 hours', async () => {
    const stage = await setStage();
    const { refreshToken } = await connect(stage);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['file'] });
    stage.clock.nowMs += 86_400_000;
    const fresh = await stage.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const { access_token: accessToken } = (await fresh.json()) as { access_token: string };
    expect((await stage.get(pinged(stage).href, accessToken)).status).toBe(410);
  });
});
