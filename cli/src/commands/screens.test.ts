import type { Explanation } from '@coach-hub/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coach, coachJson, emptyFolder } from '../testing/coach.test-support.ts';
import { ATHLETE, type PreparedProject, preparedProject } from '../testing/prepared-project.test-support.ts';

let project: PreparedProject;
beforeAll(async () => {
  project = await preparedProject();
});

/** What a command prints, with everything that differs from run to run replaced. */
async function screen(...args: string[]): Promise<string> {
  const { stdout } = await coach(args, { cwd: project.cwd });
  return stdout
    .replaceAll(project.cwd, '/project')
    .replaceAll(project.objectId, 'act_1')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?=\s)/g, (text) => (text.startsWith('2021') ? text : 'YYYY-MM-DD HH:MM'))
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (text) => (text.startsWith('2021') ? text : 'INSTANT'));
}

describe('coach explain', () => {
  const explain = (...rest: string[]) => ['explain', 'activity', project.objectId, '--athlete', ATHLETE, ...rest];

  it('shows who decided each field, under the rule that let them', async () => {
    const shown = await screen(...explain());
    expect(shown.split('\n').slice(0, 2)).toEqual([
      'activity act_1',
      expect.stringMatching(/^2021-09-08 · rev 1 · \d+ fields · 1 source$/),
    ]);
    expect(shown).toMatch(/^field +value +decided by +others$/m);
    expect(shown).toMatch(
      /^Measured: nobody else says anything\.\nstartedAt +2021-09-08T01:46:40\.000Z +provider:file$/m,
    );
    expect(shown).toMatch(/^distanceM +180( m)? +provider:file$/m);
    expect(shown).toMatch(
      /^source +form +recorded by +fields +its id\nprovider:file +file +device +\d+ +[0-9a-f]{8}…$/m,
    );
  });

  it('with --json prints the explanation itself', async () => {
    const explanation = await coachJson<Explanation>(explain(), { cwd: project.cwd });
    expect(explanation).toMatchObject({ kind: 'activity', id: project.objectId, rev: 1, deleted: false, aliases: [] });
  });

  it('of an object that is not there says so, as text or as a problem', async () => {
    const args = ['explain', 'activity', 'act_none', '--athlete', ATHLETE];
    const [text, json] = await Promise.all([
      coach(args, { cwd: project.cwd }),
      coach([...args, '--json'], { cwd: project.cwd }),
    ]);
    expect(text).toEqual({
      code: 1,
      stdout: '',
      stderr: `There is no activity "act_none" for this athlete.
  why   It was never stored, was deleted, or belongs to somebody else.
  do    List what there is with GET /v1/objects/activity.
  code  not_found  docs/errors.md#not_found
`,
    });
    expect({ code: json.code, stdout: json.stdout, problem: JSON.parse(json.stderr) }).toEqual({
      code: 1,
      stdout: '',
      problem: {
        type: 'urn:coach-hub:error:not_found',
        title: 'Not found',
        status: 404,
        code: 'not_found',
        detail:
          'There is no activity "act_none" for this athlete. It was never stored, was deleted, or belongs to somebody else.',
        fix: 'List what there is with GET /v1/objects/activity.',
      },
    });
  });
});

describe('coach inbox', () => {
  it('lists what could not be read', async () => {
    const { provider } = project;
    expect(await screen('inbox', 'list')).toBe(
      `no  received          plugin  stage  code                   athlete  replayed
 2  YYYY-MM-DD HH:MM  ${provider}  split  delivery_unsplittable
 1  YYYY-MM-DD HH:MM  ${provider}  split  delivery_unsplittable

2 of 2 letters, 2 not replayed.
0 deliveries · 0 envelopes to read · 2 dead letters · 0 of unknown accounts
`,
    );
    expect(await screen('inbox', 'list', '--limit', '1')).toContain(
      '\n1 of 2 letters, 2 not replayed. The next page: --before 2\n',
    );
    const { found, deadLetters, next } = await coachJson<{ found: object; deadLetters: { id: number }[]; next: null }>(
      ['inbox', 'list', '--limit', '1', '--before', '2'],
      { cwd: project.cwd },
    );
    expect({ found, ids: deadLetters.map(({ id }) => id), next }).toEqual({
      found: { all: 2, unreplayed: 2 },
      ids: [1],
      next: null,
    });
    expect(await screen('inbox', 'list', '--stage', 'fetch')).toMatch(/^No dead letters\.\n/);
  });

  it('shows one with its reason and without its body', async () => {
    const shown = await screen('inbox', 'show', '2');
    expect(shown).toMatch(/^Dead letter 2\n {2}plugin /);
    expect(shown).toMatch(/\n {2}bytes +8\n/);
    expect(shown).toMatch(/\nOnce its adapter is corrected: coach inbox replay 2\n$/);
    expect(shown).not.toContain('nonsense');
    const missing = await coach(['inbox', 'show', '99'], { cwd: project.cwd });
    expect({ code: missing.code, first: missing.stderr.split('\n')[0] }).toEqual({
      code: 1,
      first: 'There is no dead letter 99.',
    });
  });

  it('replays without writing, and tells which are still unreadable', async () => {
    const { code, stdout } = await coach(['inbox', 'replay', '1', '99', '--dry-run', '--json'], { cwd: project.cwd });
    expect({ code, report: JSON.parse(stdout) }).toEqual({
      code: 2,
      report: {
        dryRun: true,
        outcomes: [
          { id: 1, outcome: 'failed', detail: expect.any(String) },
          { id: 99, outcome: 'not_found', detail: null },
        ],
      },
    });
  });
});

describe('coach db', () => {
  it('shows where the data lies and that nothing is pending', async () => {
    const shown = await screen('db', 'status');
    expect(shown).toMatch(
      /^sqlite {2}\/project\/\.coach\/data\n\nmigration +applied\n0001-athlete +YYYY-MM-DD HH:MM\n/,
    );
    expect(shown).toMatch(/\n\nThe database is up to date\.\n$/);
  });

  it('makes no database where somebody mistyped the folder', async () => {
    const { code, stderr } = await coach(['db', 'status', '--data', 'dta'], { cwd: project.cwd });
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 1,
      first: `There is no hub's data in ${project.cwd}/dta.`,
    });
  });
});

describe('coach plugin list', () => {
  it('shows every plugin found, and why one is set aside', async () => {
    const cwd = emptyFolder();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(`${cwd}/broken`);
    writeFileSync(
      `${cwd}/broken/package.json`,
      JSON.stringify({
        name: 'coach-plugin-broken',
        version: '1.0.0',
        coach: { id: 'broken', contract: 99, kinds: ['engine'] },
      }),
    );
    const { code, stdout } = await coach(['plugin', 'list', '--plugin', './broken'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^plugin +kind +state +version +fake +package +found by$/m);
    expect(stdout).toMatch(/^broken +engine +set aside +1\.0\.0 +coach-plugin-broken +flag$/m);
    expect(stdout).toMatch(/^broken is set aside\n {2}The plugin "broken" is not used\./m);
  });
});

describe('coach doctor', () => {
  it('says what holds, what does not, and what to do, and ends with 1', async () => {
    const { code, stdout } = await coach(['doctor'], { cwd: project.cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +keys +\S+keys\.json, 0 operator keys$/m);
    expect(stdout).toMatch(/^not ok +inbox .* 2 dead letters.*\n +Look at them with "coach inbox list"/m);
    expect(stdout).toMatch(
      new RegExp(
        `^warn +${project.provider} +not set up: no account can be connected\\n +Set COACH_\\w+_CLIENT_ID, `,
        'm',
      ),
    );
    expect(stdout).toMatch(/^ok +publicUrl +not set; needed before athletes connect accounts$/m);
    expect(stdout).toMatch(
      /^disk {2}database [\d.]+ [KM]B · write-ahead log .+\n {6}.*envelope [\d.]+ KB.*\n {6}blobs of inbox 0/m,
    );
    expect(stdout).toMatch(/\n1 check of \d+ does not hold\.\n$/);
  });
});

describe('coach help', () => {
  it('lists the commands and the exit codes', async () => {
    const { code, stdout } = await coach(['help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^EXIT CODES\n {2}0 +Done\.\n {2}1 +Failed:/m);
    expect(await screen('help', 'inbox', 'show')).toBe(await screen('inbox', 'show', '--help'));
  });

  it('helps somebody who mistyped, and ends with 64', async () => {
    expect(await coach(['exlain'])).toEqual({
      code: 64,
      stdout: '',
      stderr: 'There is no command "coach exlain". Did you mean "coach explain"? "coach help" lists them all.\n',
    });
    const { code, stderr } = await coach(['explain', 'activity']);
    expect({ code, lines: stderr.split('\n').slice(0, 3) }).toEqual({
      code: 64,
      lines: [
        '"coach explain" cannot be run like this.',
        '  why   ID is missing: Id of the object.',
        '  do    See "coach explain --help".',
      ],
    });
  });
});
