import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type InitReport, initProject } from '../project/init-project.ts';
import { makeKeyFile } from '../project/key-file.ts';
import { coach, coachJson, emptyFolder } from '../testing/coach.test-support.ts';
import { testWorld } from '../testing/test-world.test-support.ts';

const KEY_FILE = '.coach/data/keys.json';
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** A project made in a folder with these files. */
async function made(files: { [path: string]: string } = {}, flags: { data?: string } = {}) {
  const cwd = emptyFolder();
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
  const again = (): Promise<InitReport> => initProject(testWorld(cwd), '.', flags);
  return { cwd, report: await again(), again, text: (path: string) => readFileSync(join(cwd, path), 'utf8') };
}

describe('coach init', () => {
  it('makes a project and shows the operator’s key once', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await coach(['init', 'my-hub'], { cwd });
    expect({ code, screen: stdout.replace(/chk_\S+/, 'chk_…').replace(cwd, '') }).toEqual({
      code: 0,
      screen: `/my-hub

made  package.json
made  coach.config.json
made  .gitignore
made  .coach/data/keys.json

Key of the first operator, shown only now:
  chk_…

Next: coach serve
`,
    });
    const keyFile = join(cwd, 'my-hub', KEY_FILE);
    expect([modeOf(keyFile), modeOf(join(keyFile, '..'))]).toEqual(['600', '700']);
    const [key = ''] = /chk_\S+/.exec(stdout) ?? [];
    expect(readFileSync(keyFile, 'utf8')).not.toContain(key.slice(4));
  });

  it('names the packages it runs with, so that an install gives the project its own', async () => {
    const { text } = await made();
    const names = Object.keys(JSON.parse(text('package.json')).dependencies);
    expect(names).toContain('@coach-hub/cli');
    expect(names.length).toBeGreaterThan(2);
  });

  it('starts the hub in the place of npm’s shell, so that signals reach it', async () => {
    const { text } = await made();
    expect(JSON.parse(text('package.json')).scripts).toEqual({ start: 'exec coach serve' });
  });

  it('run again keeps everything', async () => {
    const { text, again } = await made();
    const before = text(KEY_FILE);
    const { files, adminKey } = await again();
    expect({ outcomes: files.map(({ outcome }) => outcome), adminKey }).toEqual({
      outcomes: ['kept', 'kept', 'kept', 'kept'],
      adminKey: null,
    });
    expect(text(KEY_FILE)).toBe(before);
  });

  it('leaves what somebody wrote and keeps the data out of git', async () => {
    const { text } = await made({ 'package.json': '{"name":"mine"}', '.gitignore': 'dist' });
    expect(text('package.json')).toBe('{"name":"mine"}');
    expect(text('.gitignore')).toBe('dist\n.coach/\n');
  });

  it('keeps data out of git wherever it lies', async () => {
    const { text } = await made({}, { data: 'store' });
    expect(text('.gitignore')).toBe('node_modules/\n.coach/\nstore/\n');
    expect(JSON.parse(text('coach.config.json'))).toMatchObject({ data: 'store' });
  });

  it('adds an operator where an import made the keys', async () => {
    const cwd = emptyFolder();
    const world = testWorld(cwd);
    const keyPath = join(cwd, KEY_FILE);
    await makeKeyFile(keyPath, world.random, []);
    const before = JSON.parse(readFileSync(keyPath, 'utf8'));
    const { adminKey } = await initProject(world, '.', {});
    expect(adminKey).toMatch(/^chk_/);
    expect(JSON.parse(readFileSync(keyPath, 'utf8'))).toEqual({
      ...before,
      operatorKeys: [expect.stringMatching(/^admin:[0-9a-f]{64}$/)],
    });
    expect(modeOf(keyPath)).toBe('600');
  });

  it('is enough for "coach doctor" to look at', async () => {
    const { cwd } = await made();
    const { checks } = await coachJson<{ checks: { name: string; ok: boolean; detail: string }[] }>(['doctor'], {
      cwd,
    });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ name }) => name === 'publicUrl')?.detail).toMatch(/^not set; needed before/);
  });
});

describe('a data folder whose key file is gone', () => {
  it('is not opened with new keys behind the operator’s back', async () => {
    const cwd = emptyFolder();
    await coach(['db', 'migrate'], { cwd });
    rmSync(join(cwd, KEY_FILE));
    const { code, stderr } = await coach(['import', 'run.fit', '--athlete', 'ann'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `The data folder has no key file.
  why   There is data, but ${cwd}/.coach/data/keys.json is not there, and COACH_KEYS holds no key either.
  do    Put the key file back from a backup. If it is lost, "coach init" makes a new one, and athletes connect their accounts again.
  code  key_missing  docs/errors.md#key_missing
`,
    });
  });
});
