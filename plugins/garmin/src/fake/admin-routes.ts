/** `/_fake`: what this fake can do beyond Garmin's API, for people with a browser and for programs. */
import { type FakeCommand, HubError } from '@coach-hub/core';
import { type Context, Hono } from 'hono';
import { adminPage, outcomePage } from './admin-page.ts';
import { numberParam, type Params } from './params.ts';

export interface Admin {
  commands: FakeCommand[];
  faults: FakeCommand[];
  act(command: string, params: Params): Promise<{ [key: string]: unknown }>;
  fault(name: string, times: number, params: Params): void;
}

export function adminRoutes(admin: Admin) {
  const { commands, faults } = admin;
  return new Hono()
    .get('/_fake', (c) => (wantsPage(c) ? c.html(adminPage(commands, faults)) : c.json({ commands, faults })))
    .post('/_fake/act/:name', (c) => answer(c, async () => admin.act(c.req.param('name'), await paramsOf(c))))
    .post('/_fake/fault/:name', (c) =>
      answer(c, async () => {
        const { times, ...params } = await paramsOf(c);
        const count = numberParam({ times }, 'times', 1);
        admin.fault(c.req.param('name'), count, params);
        return { fault: c.req.param('name'), times: count };
      }),
    );
}

async function answer(c: Context, work: () => Promise<{ [key: string]: unknown }>): Promise<Response> {
  const [status, outcome] = await work().then(
    (done) => [200, done] as const,
    (error: unknown) => {
      if (!(error instanceof HubError)) throw error;
      const { code, what, why, fix } = error;
      return [400, { code, what, why, fix }] as const;
    },
  );
  return wantsPage(c) ? c.html(outcomePage(outcome), status) : c.json(outcome, status);
}

/** JSON from programs; from the page's forms, members by name, or all of them as JSON in `params`. */
async function paramsOf(c: Context): Promise<{ [key: string]: unknown }> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  if (c.req.header('content-type')?.includes('form-urlencoded') !== true) return jsonParams(text);
  const { params = '', ...members } = Object.fromEntries(new URLSearchParams(text));
  return { ...(params.trim() === '' ? {} : jsonParams(params)), ...members };
}

function jsonParams(text: string): { [key: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // falls through: text that is no JSON and JSON that is no object are one mistake
  }
  throw new HubError('bad_request', {
    what: 'The parameters cannot be read.',
    why: 'Expected a JSON object.',
    fix: 'For example {"distanceM": 10000}.',
  });
}

function wantsPage(c: Context): boolean {
  return c.req.header('accept')?.includes('text/html') === true;
}
