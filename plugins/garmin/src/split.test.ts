import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, bytesOf, fixture, fixtureNames, notification, textOf } from './fixture.test-support.ts';
import { UNSUPPORTED_TYPES } from './notification-types.ts';
import { split } from './split.ts';

const run = {
  userId: 'u-1',
  summaryId: '5001',
  activityId: 5001,
  activityType: 'RUNNING',
  startTimeInSeconds: 1_777_610_400,
};

describe('a push', () => {
  it('becomes one envelope per record, for the account and under the activity id', () => {
    const { envelopes, notices, problems } = split(notification(fixture('push-activities')));
    expect(envelopes).toMatchObject([{ identity: 'u-1', stream: 'activities', externalId: '5001', ref: {} }]);
    expect({ notices, problems }).toEqual({ notices: [], problems: [] });
  });

  it('may carry many athletes and several types', () => {
    const body = {
      activities: [run, { ...run, userId: 'u-2', activityId: 7 }],
      activityDetails: [{ ...run, summaryId: '5001-detail' }],
    };
    const { envelopes } = split(notification(body));
    expect(envelopes.map(({ identity, stream, externalId }) => [identity, stream, externalId])).toEqual([
      ['u-1', 'activities', '5001'],
      ['u-2', 'activities', '7'],
      ['u-1', 'activityDetails', '5001'],
    ]);
  });

  it.each([
    [{ activityId: '5001' }, '5001'],
    [{ activityId: 5001.0 }, '5001'],
    [{ activityId: null, summaryId: '5001-detail' }, '5001'],
    [{ activityId: null, summaryId: '5001-file' }, '5001'],
    [{ activityId: null, summaryId: 5001 }, '5001'],
    [{ activityId: null, summaryId: 'x-manual-1' }, 'x-manual-1'],
  ])('reads the id of %j as %s', (ids, externalId) => {
    const { envelopes } = split(notification({ activities: [{ ...run, ...ids }] }));
    expect(envelopes[0]?.externalId).toBe(externalId);
  });

  it('keeps every digit of an id beyond 2^53', () => {
    const text =
      '{"activities":[{"userId":"u-1","activityName":"\\"activityId\\": 9007199254740995","activityId": 9007199254740993}]}';
    const [envelope] = split(notification(text)).envelopes;
    expect(envelope?.externalId).toBe('9007199254740993');
    expect(JSON.parse(textOf(envelope!.bytes))).toEqual({
      activityName: '"activityId": 9007199254740995',
      activityId: '9007199254740993',
    });
  });
});

describe('a ping', () => {
  it('becomes a notice to fetch the address as it is', () => {
    const { envelopes, notices, problems } = split(notification(fixture('ping-activities')));
    const url =
      'https://apis.garmin.com/wellness-api/rest/activities?uploadStartTimeInSeconds=1777613400&uploadEndTimeInSeconds=1777617000&token=TTTT';
    expect(notices).toEqual([
      { type: 'fetch', identity: 'u-1', stream: 'activities', url, singleUse: false, ref: { stream: 'activities' } },
    ]);
    expect({ envelopes, problems }).toEqual({ envelopes: [], problems: [] });
  });

  it('of a file is good once, and keeps what the file may not say', () => {
    const [notice] = split(notification(fixture('ping-activityFiles'))).notices;
    expect(notice).toMatchObject({
      type: 'fetch',
      stream: 'activityFiles',
      singleUse: true,
      ref: {
        stream: 'activityFiles',
        activityId: '5001',
        fileType: 'FIT',
        activityName: 'Zurich Running',
        manual: false,
      },
    });
  });

  it('is answered by a bare array whose records belong to the account that was pinged', () => {
    const { envelopes, problems } = split(answer(fixture('answer-activities'), { stream: 'activities' }));
    expect(envelopes).toMatchObject([{ identity: 'u-1', stream: 'activities', externalId: '5001' }]);
    expect(problems).toEqual([]);
  });

  it('states the same bytes as the push of the same record', () => {
    const pushed = split(notification(fixture('push-activities'))).envelopes[0]!;
    const [record] = fixture('push-activities').activities!;
    const shuffled = Object.fromEntries(
      Object.entries({ ...record, activityId: '5001', activityDescription: null }).reverse(),
    );
    const pulled = split(answer([shuffled], { stream: 'activities' })).envelopes[0]!;
    expect(textOf(pulled.bytes)).toBe(textOf(pushed.bytes));
  });

  it('states other bytes when the record differs', () => {
    const bytes = (distanceInMeters: number) =>
      textOf(split(notification({ activities: [{ ...run, distanceInMeters }] })).envelopes[0]!.bytes);
    expect(bytes(10_020)).not.toBe(bytes(10_021));
  });

  it('brings a file that stays as it is', () => {
    const file = Uint8Array.of(14, 0x20, 0xff, 0, 1);
    const ref = { stream: 'activityFiles', activityId: '5001', fileType: 'FIT' };
    expect(split(answer(file, ref))).toEqual({
      envelopes: [{ identity: 'u-1', stream: 'activityFiles', externalId: '5001', bytes: file, ref }],
      notices: [],
      problems: [],
    });
  });

  it('brings a problem when the file is empty', () => {
    const { envelopes, problems } = split(answer(new Uint8Array(0), { stream: 'activityFiles', activityId: '5001' }));
    expect(envelopes).toEqual([]);
    expect(problems).toMatchObject([{ at: 'file', what: 'The file is empty.' }]);
  });

  it('with an address elsewhere is still a notice: the egress refuses it and says so', () => {
    const callbackURL = 'http://169.254.169.254/latest/meta-data';
    const { notices } = split(notification({ activities: [{ userId: 'u-1', callbackURL }] }));
    expect(notices).toMatchObject([{ type: 'fetch', url: callbackURL }]);
  });

  it.each([
    ['another path of the API', 'https://apis.garmin.com/training-api/workout?token=TTTT'],
    ['no address', 'activities?token=TTTT'],
    ['no text', 7],
  ])('is a problem and is not fetched when its address is %s', (_what, callbackURL) => {
    const { notices, problems } = split(notification({ activities: [{ userId: 'u-1', callbackURL }] }));
    expect(notices).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(textOf(problems[0]!.bytes)).not.toContain('TTTT');
  });
});

describe('news of an account', () => {
  it('ends the connection when the athlete left', () => {
    expect(split(notification(fixture('push-deregistrations'))).notices).toEqual([
      { type: 'deauthorised', identity: 'u-1' },
    ]);
  });

  it.each([
    ['an array', ['HEALTH_EXPORT', 'ACTIVITY_EXPORT']],
    ['a map', { ACTIVITY_EXPORT: true, HEALTH_EXPORT: true, WORKOUT_IMPORT: false }],
    ['an object that holds an array', { permissions: ['ACTIVITY_EXPORT', 'HEALTH_EXPORT'] }],
    ['a map as text', '{"ACTIVITY_EXPORT":true,"HEALTH_EXPORT":true}'],
  ])('gives the full new set of permissions from %s', (_shape, permissions) => {
    const { notices } = split(notification({ userPermissionsChange: [{ userId: 'u-1', permissions }] }));
    expect(notices).toEqual([
      { type: 'permissions', identity: 'u-1', permissions: ['ACTIVITY_EXPORT', 'HEALTH_EXPORT'] },
    ]);
  });

  it('gives changes of one body in the order they were made', () => {
    const change = (permissions: string[], changeTimeInSeconds: number) => ({
      userId: 'u-1',
      permissions,
      changeTimeInSeconds,
    });
    const { notices } = split(notification({ userPermissionsChange: [change(['B'], 20), change(['A'], 10)] }));
    expect(notices).toMatchObject([{ permissions: ['A'] }, { permissions: ['B'] }]);
  });

  it.each([[undefined], [{ ACTIVITY_EXPORT: 'yes' }], [[1]], ['none'], [7]])(
    'is a problem when the permissions are %j',
    (permissions) => {
      const { notices, problems } = split(notification({ userPermissionsChange: [{ userId: 'u-1', permissions }] }));
      expect(notices).toEqual([]);
      expect(problems).toMatchObject([{ at: 'userPermissionsChange[0]' }]);
    },
  );
});

describe('what this version has no stream for', () => {
  it.each([...UNSUPPORTED_TYPES, 'aTypeOfNextYear'])(
    '%s is left out without a problem, and its neighbours live',
    (type) => {
      const { envelopes, problems } = split(notification({ [type]: [{ userId: 'u-1' }], activities: [run] }));
      expect(envelopes).toHaveLength(1);
      expect(problems).toEqual([]);
    },
  );

  it.each(fixtureNames().filter((name) => name.startsWith('push-')))(
    'the documented body %s is split without a problem',
    (name) => {
      expect(split(notification(fixture(name))).problems).toEqual([]);
    },
  );
});

describe('what cannot be read', () => {
  it.each([['{"activities":[{"userId":"u-1"'], [''], ['<html>']])('is one problem with the whole body: %s', (text) => {
    const { envelopes, notices, problems } = split(notification(text));
    expect({ envelopes, notices }).toEqual({ envelopes: [], notices: [] });
    expect(problems).toEqual([{ at: 'body', what: 'The body is not JSON.', bytes: bytesOf(text) }]);
  });

  it('is one problem when the text is not UTF-8', () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0x7d);
    expect(split({ ...notification(''), bytes }).problems).toHaveLength(1);
  });

  it.each([
    ['no object', 7, 'Expected an object.'],
    ['no account', { ...run, userId: undefined }, 'There is no userId.'],
    ['no id', { userId: 'u-1' }, 'There is neither an activityId nor a summaryId.'],
    [
      'an id that is no number of ours',
      { userId: 'u-1', activityId: 1.5 },
      'There is neither an activityId nor a summaryId.',
    ],
  ])('harms only the item that has %s', (_what, bad, what) => {
    const { envelopes, problems } = split(notification({ activities: [run, bad, { ...run, activityId: 5002 }] }));
    expect(envelopes.map(({ externalId }) => externalId)).toEqual(['5001', '5002']);
    expect(problems).toMatchObject([{ at: 'activities[1]', what }]);
  });

  it('can be split again from what is kept of it', () => {
    const [problem] = split(notification({ activities: [{ userId: 'u-1' }] })).problems;
    expect(split({ ...notification(''), bytes: problem!.bytes }).problems).toEqual([problem]);
  });

  it('is a list where Garmin documents one', () => {
    expect(split(notification({ activities: { userId: 'u-1' } })).problems).toMatchObject([
      { at: 'activities', what: 'Expected an array.' },
    ]);
  });

  it('is a file that was pushed instead of pinged', () => {
    expect(split(notification({ activityFiles: [run] })).problems).toHaveLength(1);
  });

  it.each([[{ errorMessage: 'no' }], [7], ['text']])('is an answer that is no list: %j', (body) => {
    expect(split(answer(body, { stream: 'activities' })).problems).toMatchObject([{ at: 'body' }]);
  });

  it('is a fetched record of another account than was asked for', () => {
    const { envelopes, problems } = split(answer([{ ...run, userId: 'u-2' }], { stream: 'activities' }));
    expect(envelopes).toEqual([]);
    expect(problems).toMatchObject([{ at: 'activities[0]' }]);
  });

  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('activities', 'activityFiles', 'userPermissionsChange'),
        (value, key) => {
          for (const body of [value, { [key]: value }, { [key]: [value] }]) {
            split(notification(body));
            split(answer(body, { stream: 'activities' }));
          }
        },
      ),
    );
  });
});

describe('what is kept of a record', () => {
  const personal = {
    ...run,
    userAccessToken: 'SECRET-1',
    email: 'SECRET-2',
    fullName: 'SECRET-3',
    nested: { refreshToken: 'SECRET-4', kept: 1 },
    aFieldOfNextYear: [1, { x: null, y: 2 }],
  };

  it('has no token, no account and no name, but what mapping may want later', () => {
    const [envelope] = split(notification({ activities: [personal] })).envelopes;
    expect(textOf(envelope!.bytes)).not.toMatch(/SECRET|u-1/);
    expect(JSON.parse(textOf(envelope!.bytes))).toMatchObject({ nested: { kept: 1 }, aFieldOfNextYear: [1, { y: 2 }] });
  });

  it('has no token when the item is a problem either', () => {
    const [problem] = split(
      notification({
        activities: [{ userAccessToken: 'SECRET-1', callbackURL: 'https://h/x?a=1&token=SECRET-2&b=2' }],
      }),
    ).problems;
    expect(textOf(problem!.bytes)).toBe('{"activities":[{"callbackURL":"https://h/x?a=1&token=…&b=2"}]}');
  });
});
