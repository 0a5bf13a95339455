/** What a ping points to: records by upload time with a pull token, and files that can be downloaded once. */
import { type Context, Hono } from 'hono';
import { callerOf, refuse } from './api-caller.ts';
import type { Faults } from './faults.ts';
import { textParam } from './params.ts';
import { type Portal, PULLED } from './portal.ts';
import { type Account, type Item, isGood, type World } from './world.ts';

const MAX_WINDOW_S = 86_400;

export function pullRoutes(world: World, portal: Portal, faults: Faults) {
  const routes = new Hono();
  for (const stream of PULLED) {
    routes.get(`/${stream}`, (c) => {
      const caller = callerOf(c, world, faults);
      if ('refusal' in caller) return caller.refusal;
      const window = windowOf(c);
      if (window === null)
        return refuse(c, 400, `The upload window must be valid and at most ${MAX_WINDOW_S} seconds.`);
      const token = world.pullTokens.get(c.req.query('token') ?? '');
      const isFor = token?.userId === caller.account.userId && token.stream === stream;
      if (!isFor || !isGood(token, world))
        return refuse(c, 400, 'InvalidPullTokenException: failure to validate the pull token');
      if (!allowsActivities(caller.account)) return refuse(c, 412, 'The user has not granted this permission.');
      const found = [...world.records.values()].filter(
        (record) =>
          record.announced &&
          record.stream === stream &&
          record.userId === caller.account.userId &&
          record.uploadedAtS >= window.fromS &&
          record.uploadedAtS <= window.toS,
      );
      return c.json(found.map(({ item }) => (portal.pullNamesUser ? item : withoutUser(item))));
    });
  }
  return routes.get('/activityFile', (c) => {
    const caller = callerOf(c, world, faults);
    if ('refusal' in caller) return caller.refusal;
    return download(c, world, faults, caller.account);
  });
}

/** The first download uses the address up, whatever becomes of the bytes on their way. */
function download(c: Context, world: World, faults: Faults, account: Account): Response {
  const pass = world.filePasses.get(c.req.query('id') ?? '');
  if (pass === undefined || pass.userId !== account.userId || pass.token !== c.req.query('token')) {
    return refuse(c, 404, 'There is no such file.');
  }
  if (pass.used || pass.expiresAtMs <= world.now())
    return refuse(c, 410, 'The file was downloaded already or has expired.');
  pass.used = true;
  const file = world.files.get(pass.activityId) ?? new Uint8Array(0);
  const damage = faults.take('tamper', (params) => textParam(params, 'what', 'body') === 'file');
  const bytes = Uint8Array.from(damage === null ? file : file.subarray(0, 9)); // too little for a header
  return c.body(bytes, 200, { 'content-type': 'application/octet-stream' });
}

function windowOf(c: Context): { fromS: number; toS: number } | null {
  const fromS = Number(c.req.query('uploadStartTimeInSeconds') ?? Number.NaN);
  const toS = Number(c.req.query('uploadEndTimeInSeconds') ?? Number.NaN);
  const isValid = Number.isInteger(fromS) && Number.isInteger(toS) && toS >= fromS && toS - fromS <= MAX_WINDOW_S;
  return isValid ? { fromS, toS } : null;
}

export function allowsActivities(account: Account): boolean {
  return account.permissions.includes('ACTIVITY_EXPORT');
}

function withoutUser(item: Item): Item {
  const { userId: _, ...rest } = item;
  return rest;
}
