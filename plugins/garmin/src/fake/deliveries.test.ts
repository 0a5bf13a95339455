import { describe, expect, it } from 'vitest';
import { connect, type Stage, setStage } from './stage.test-support.ts';

const SHORT_RUN = { durationS: 60, distanceM: 200 };

const typesOf = (stage: Stage) => stage.received.map(({ json }) => Object.keys(json).join('+'));

describe('a notification', () => {
  it('comes with Garmin’s headers', async () => {
    const stage = await setStage();
    await connect(stage);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary'] });
    expect(stage.received[0]!.headers).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      'user-agent': 'Garmin Health API',
      'garmin-client-id': stage.garmin.pluginConfig.clientId,
    });
  });

  it('of a run is a push of summary and details and a ping of the file', async () => {
    const stage = await setStage();
    await connect(stage);
    await stage.garmin.act('run', SHORT_RUN);
    expect(typesOf(stage)).toEqual(['activities', 'activityDetails', 'activityFiles']);
    expect(stage.received[1]!.json.activityDetails![0]).toHaveProperty('samples');
    expect(stage.received[2]!.json.activityFiles![0]).toHaveProperty('callbackURL');
  });

  it('is a ping where the portal says so', async () => {
    const stage = await setStage();
    await connect(stage);
    await stage.garmin.act('endpoint', { type: 'activityDetails', mode: 'ping' });
    await stage.garmin.act('run', SHORT_RUN);
    expect(Object.keys(stage.received[1]!.json.activityDetails![0]!)).toEqual(['userId', 'callbackURL']);
  });

  it('is not sent of an account that is not connected, or does not allow it, or while the endpoint is off', async () => {
    const stage = await setStage();
    await stage.garmin.act('run', SHORT_RUN);
    await connect(stage, { permissions: ['HEALTH_EXPORT'] });
    await stage.garmin.act('run', SHORT_RUN);
    await stage.garmin.act('endpoint', { enabled: false });
    await connect(stage);
    await stage.garmin.act('run', SHORT_RUN);
    expect(stage.received).toEqual([]);
  });

  it('is repeated until the answer is exactly 200', async () => {
    const stage = await setStage();
    await connect(stage);
    stage.answers.push(500, 202, 302, 404);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary'] });
    expect(await stage.garmin.act('settle')).toMatchObject({ isSettled: true, delivered: 1 });
    expect(stage.received).toHaveLength(5);
    expect(new Set(stage.received.map(({ body }) => body)).size).toBe(1);
  });

  it('is given up in the end', async () => {
    const stage = await setStage();
    await connect(stage);
    await stage.garmin.act('settings', { maxAttempts: 3 });
    stage.answers.push(500, 500, 500, 500);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary'] });
    expect(await stage.garmin.act('settle')).toMatchObject({ givenUp: 1 });
    expect(stage.received).toHaveLength(3);
  });

  it('waits while the endpoint is on hold, and then carries many athletes in one body', async () => {
    const stage = await setStage();
    const { userId: first } = await connect(stage);
    const { userId: second } = await connect(stage, { userId: (await stage.garmin.act('account')).userId });
    await stage.garmin.act('hold');
    for (const userId of [first, second]) await stage.garmin.act('run', { ...SHORT_RUN, userId, deliver: ['summary'] });
    expect(stage.received).toEqual([]);
    await stage.garmin.act('release');
    expect(stage.received.map(({ json }) => json.activities!.map(({ userId }) => userId))).toEqual([[first, second]]);
  });
});

describe('what athletes do', () => {
  it('an edit comes again under the same id', async () => {
    const stage = await setStage();
    await connect(stage);
    const { activityId } = await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary'] });
    await stage.garmin.act('edit', { activityId, distanceM: 210, title: 'Evening shuffle' });
    const [first, second] = stage.received.map(({ json }) => json.activities![0]!);
    expect(second).toEqual({ ...first, distanceInMeters: 210, activityName: 'Evening shuffle' });
  });

  it('an entry by hand is marked, and has no device', async () => {
    const stage = await setStage();
    await connect(stage);
    await stage.garmin.act('manual', { distanceM: 5_000 });
    expect(stage.received[0]!.json.manuallyUpdatedActivities).toMatchObject([
      { manual: true, deviceName: 'unknown', distanceInMeters: 5_000 },
    ]);
  });

  it.each([
    ['array', ['ACTIVITY_EXPORT']],
    ['object', { permissions: ['ACTIVITY_EXPORT'] }],
    ['booleans', expect.objectContaining({ ACTIVITY_EXPORT: true, HEALTH_EXPORT: false })],
  ])('a change of permissions tells the full new set as %s', async (shape, permissions) => {
    const stage = await setStage();
    const { userId } = await connect(stage);
    await stage.garmin.act('permissions', { permissions: ['ACTIVITY_EXPORT'], shape });
    expect(stage.received[0]!.json.userPermissionsChange).toMatchObject([
      { userId, permissions, changeTimeInSeconds: 1_777_636_800 },
    ]);
  });

  it('leaving at Garmin ends the tokens and is notified', async () => {
    const stage = await setStage();
    const { userId, accessToken } = await connect(stage);
    await stage.garmin.act('deregister');
    expect(stage.received[0]!.json).toEqual({ deregistrations: [{ userId }] });
    expect((await stage.get('/wellness-api/rest/user/id', accessToken)).status).toBe(403);
  });

  it('an unknown account, or any body at all, can be sent', async () => {
    const stage = await setStage();
    const { userId } = await stage.garmin.act('unknown_user');
    expect(stage.received[0]!.json.activities).toMatchObject([{ userId }]);
    expect(await stage.garmin.act('raw', { body: 'not json' })).toMatchObject({ status: 200 });
    expect(stage.received[1]!.body).toBe('not json');
  });
});

describe('the fault', () => {
  async function runWith(name: string, params: { [key: string]: unknown } = {}, act: { [key: string]: unknown } = {}) {
    const stage = await setStage();
    const account = await connect(stage);
    stage.garmin.fault(name, 1, params);
    const told = await stage.garmin.act('run', { ...SHORT_RUN, ...act });
    await stage.garmin.act('settle');
    return { stage, account, told };
  }

  it('duplicate sends a notification twice', async () => {
    const { stage } = await runWith('duplicate');
    expect(typesOf(stage)).toEqual(['activities', 'activities', 'activityDetails', 'activityFiles']);
    expect(stage.received[0]!.body).toBe(stage.received[1]!.body);
  });

  it('reorder turns the order round', async () => {
    const { stage } = await runWith('reorder');
    expect(typesOf(stage)).toEqual(['activityFiles', 'activityDetails', 'activities']);
  });

  it('delay sends it later than the command ends', async () => {
    const { stage, told } = await runWith('delay', { ms: 30 }, { deliver: ['summary'] });
    expect(told.notifications).toMatchObject([{ types: ['activities'], state: 'waiting', status: null }]);
    expect(typesOf(stage)).toEqual(['activities']);
  });

  it('drop loses one', async () => {
    const { stage } = await runWith('drop');
    expect(typesOf(stage)).toEqual(['activityDetails', 'activityFiles']);
  });

  it('split_batch sends each record alone, and without it they share a body', async () => {
    const count = { count: 3, deliver: ['summary'] };
    expect((await runWith('split_batch', {}, count)).stage.received).toHaveLength(3);
    expect((await runWith('duplicate', {}, count)).stage.received[0]!.json.activities).toHaveLength(3);
  });

  it('merge_batch sends all types in one body', async () => {
    const { stage } = await runWith('merge_batch');
    expect(typesOf(stage)).toEqual(['activities+activityDetails+activityFiles']);
  });

  it('shorter_copy sends the summary again, shorter', async () => {
    const { stage } = await runWith('shorter_copy', {}, { deliver: ['summary'] });
    expect(stage.received.map(({ json }) => json.activities![0]!.durationInSeconds)).toEqual([60, 36]);
  });

  it('tamper breaks the JSON, an item, or the file', async () => {
    const body = await runWith('tamper', {}, { deliver: ['summary'] });
    expect(() => JSON.parse(body.stage.received[0]!.body)).toThrow(SyntaxError);
    const item = await runWith('tamper', { what: 'item' }, { deliver: ['summary'] });
    expect(item.stage.received[0]!.json.activities![0]).not.toHaveProperty('userId');
    const { stage, account, told } = await runWith('tamper', { what: 'file' }, { deliver: ['file'] });
    const file = await stage.get(String(stage.received[0]!.json.activityFiles![0]!.callbackURL), account.accessToken);
    expect((await file.arrayBuffer()).byteLength).toBeLessThan(Number(told.fileBytes));
  });

  it('stale_callback names an address that is over', async () => {
    const summary = await runWith('stale_callback', {}, { deliver: ['summary', 'ping'] });
    const pull = await summary.stage.get(
      String(summary.stage.received[0]!.json.activities![0]!.callbackURL),
      summary.account.accessToken,
    );
    expect([pull.status, await pull.text()]).toEqual([400, expect.stringContaining('InvalidPullTokenException')]);
    const file = await runWith('stale_callback', {}, { deliver: ['file'] });
    const url = String(file.stage.received[0]!.json.activityFiles![0]!.callbackURL);
    expect((await file.stage.get(url, file.account.accessToken)).status).toBe(410);
  });

  it.each([
    ['http_429', 429],
    ['http_5xx', 503],
    ['expire', 401],
  ])('%s answers the next call %i and then lets go', async (name, status) => {
    const stage = await setStage();
    const { accessToken, refreshToken } = await connect(stage);
    stage.garmin.fault(name, 1);
    expect((await stage.get('/wellness-api/rest/user/id', accessToken)).status).toBe(status);
    const fresh = await stage.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const { access_token: next } = (await fresh.json()) as { access_token: string };
    expect((await stage.get('/wellness-api/rest/user/id', next)).status).toBe(200);
  });

  it('http_429 can meet the token endpoint instead', async () => {
    const stage = await setStage();
    const { accessToken, refreshToken } = await connect(stage);
    stage.garmin.fault('http_429', 1, { where: 'token', retryAfterS: 7 });
    expect((await stage.get('/wellness-api/rest/user/id', accessToken)).status).toBe(200);
    const limited = await stage.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('revoke ends the refresh token', async () => {
    const stage = await setStage();
    const { refreshToken } = await connect(stage);
    stage.garmin.fault('revoke', 1);
    const answer = await stage.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('is switched off by 0 times, and an unknown one is refused by name', async () => {
    const stage = await setStage();
    await connect(stage);
    stage.garmin.fault('drop', 5);
    stage.garmin.fault('drop', 0);
    await stage.garmin.act('run', { ...SHORT_RUN, deliver: ['summary'] });
    expect(stage.received).toHaveLength(1);
    expect(() => stage.garmin.fault('earthquake', 1)).toThrow(expect.objectContaining({ code: 'fake_unknown_fault' }));
  });
});
