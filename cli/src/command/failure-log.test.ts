import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coach, emptyFolder } from '../testing/coach.test-support.ts';
import { testWorld } from '../testing/test-world.test-support.ts';
import { internalFailure } from './failure-log.ts';

describe('a failure nobody foresaw', () => {
  it('is told shortly, and whole in the project’s own folder', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.coach'));
    const story = await internalFailure(
      new TypeError('x is not a function', { cause: new Error('disk full') }),
      'db status',
      testWorld(cwd),
    );
    const path = join(cwd, '.coach/errors.log');
    expect(story).toMatchObject({
      code: 'internal',
      what: '"coach db status" failed.',
      why: 'x is not a function',
      fix: `Please report it; the whole story is in ${path}.`,
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      at: '2026-03-01T06:00:00.000Z',
      command: 'db status',
      error: { name: 'TypeError', message: 'x is not a function', cause: { message: 'disk full' } },
    });
  });

  it('is told without what the environment keeps secret, on the screen and in the file', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.coach'));
    const env = { COACH_GARMIN_CLIENT_SECRET: 's3cret-of-the-app', COACH_PORT: '4270' };
    const error = new Error('refused s3cret-of-the-app by postgres://coach:s3cret-too@db on 4270');
    const story = await internalFailure(error, 'serve', { ...testWorld(cwd), env });
    expect(story.why).toBe('refused [hidden] by postgres://[hidden]@db on 4270');
    expect(readFileSync(join(cwd, '.coach/errors.log'), 'utf8')).not.toContain('s3cret');
  });

  it('makes no folders in strange places', async () => {
    const cwd = emptyFolder();
    expect((await internalFailure(new Error('oh'), 'doctor', testWorld(cwd))).fix).toContain(
      join(cwd, 'coach-errors.log'),
    );
  });
});

describe('a failure that has a story', () => {
  it('is told with it: a file in the place of the data folder', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await coach(['token', '--athlete', 'ann', '--data', '/dev/null'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `The data folder /dev/null cannot be made.
  why   There is a file in its place.
  do    Name another folder with --data.
  code  config_invalid  docs/errors.md#config_invalid
`,
    });
  });
});
