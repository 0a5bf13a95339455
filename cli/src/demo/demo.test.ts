import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coach, coachJson, emptyFolder, startCoach } from '../testing/coach.test-support.ts';
import type { DemoReport } from './demo-report.ts';

const LIMIT_MS = 60_000;

describe('coach serve --demo', () => {
  const cwd = emptyFolder();
  let athleteId: string;

  it(
    '--once plays the whole story, every step holds, and it ends with 0',
    async () => {
      const { code, stdout } = await coach(['serve', '--demo', '--once'], { cwd });
      expect(stdout.match(/^\d {2}.*$/gm)).toEqual([
        '1  The hub is up',
        expect.stringMatching(/^2 {2}The athlete connects \S/),
        '3  The phone goes offline and logs a run',
        '4  The watch’s run arrives',
        '5  The phone is back online',
        '6  The phone’s screen',
        '7  Who decided what',
      ]);
      expect(stdout).not.toContain('FAILED');
      expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
        code: 0,
        last: expect.stringMatching(/^PASS {2}7 steps, \d+ checks, /),
      });
    },
    LIMIT_MS,
  );

  it(
    'starts afresh, goes on serving, shows a further run when the watch records one, and stops on Ctrl-C',
    async () => {
      const running = startCoach(['serve', '--demo', '--port', '0'], { cwd });
      const story = await running.says('Ctrl-C stops it.');
      const second = await coach(['serve', '--demo', '--once'], { cwd });
      expect({ code: second.code, first: second.stderr.split('\n')[0] }).toEqual({
        code: 1,
        first: 'The demo does not start.',
      });

      const [, explain = '', athlete = ''] = /npx coach (explain .* --athlete (\S+) .*)/.exec(story) ?? [];
      athleteId = athlete;
      const { fields } = await coachJson<{ fields: { field: string; decidedBy: string }[] }>(explain.split(' '), {
        cwd,
      });
      expect(fields.find(({ field }) => field === 'rpe')?.decidedBy).toBe('athlete');

      const suggested = story.split('Try next')[1]?.match(/^ {2}(?:npx|curl) .*$/gm) ?? [];
      expect(new Set(suggested).size).toBe(3);
      const [, series = '', tokenOf = ''] = /curl -s "(\S+)" -H .*\$\(npx coach (.*) 2>/.exec(story) ?? [];
      const { stdout: token } = await coach(tokenOf.split(' '), { cwd });
      const answer = await fetch(series, { headers: { authorization: `Bearer ${token.trim()}` } });
      expect(answer.status).toBe(200);

      const [, control = '', params = ''] = /curl -s (\S+\/act\/run) .*-d '(.*)'/.exec(story) ?? [];
      await fetch(control, { method: 'POST', body: params, headers: { 'content-type': 'application/json' } });
      await running.says(/phone {2}Run · 5\.00 km .* 2 runs now/);
      const { code, stderr } = await running.stop('SIGINT');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
    2 * LIMIT_MS,
  );

  it(
    'with --json tells every step and check as one document',
    async () => {
      const report = await coachJson<DemoReport>(['serve', '--demo', '--once'], { cwd });
      expect(report).toMatchObject({
        outcome: 'held',
        steps: Array.from({ length: 7 }, () => ({ state: 'held', error: null })),
      });
      expect(report.athleteId).toBe(athleteId);
    },
    LIMIT_MS,
  );

  it('does not clear a folder that is not its own', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.coach/demo'), { recursive: true });
    writeFileSync(join(cwd, '.coach/demo/thesis.txt'), 'years of work');
    const { code, stderr } = await coach(['serve', '--demo', '--once'], { cwd });
    expect({ code, why: stderr.split('\n')[1] }).toEqual({
      code: 1,
      why: `  why   It starts afresh in ${cwd}/.coach/demo, and what is there now was not made by a demo.`,
    });
  });
});
