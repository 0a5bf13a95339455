import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coach, coachJson, emptyFolder } from '../testing/coach.test-support.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

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
    const keyFile = join(cwd, 'my-hub/.coach/data/keys.json');
    expect([modeOf(keyFile), modeOf(join(keyFile, '..'))]).toEqual(['600', '700']);
    const [key = ''] = /chk_\S+/.exec(stdout) ?? [];
    expect(readFileSync(keyFile, 'utf8')).not.toContain(key.slice(4));
  });

  it('names the packages it runs with, so that an install gives the project its own', async () => {
    const cwd = emptyFolder();
    await coach(['init'], { cwd });
    const { dependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies)).toContain('@coach-hub/cli');
    expect(Object.keys(dependencies).length).toBeGreaterThan(2);
  });

  it('run again keeps everything', async () => {
    const cwd = emptyFolder();
    await coach(['init'], { cwd });
    const before = readFileSync(join(cwd, '.coach/data/keys.json'), 'utf8');
    const { files, adminKey } = await coachJson<{ files: { outcome: string }[]; adminKey: string | null }>(['init'], {
      cwd,
    });
    expect({ outcomes: files.map(({ outcome }) => outcome), adminKey }).toEqual({
      outcomes: ['kept', 'kept', 'kept', 'kept'],
      adminKey: null,
    });
    expect(readFileSync(join(cwd, '.coach/data/keys.json'), 'utf8')).toBe(before);
  });

  it('leaves what somebody wrote and keeps the data out of git', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'package.json'), '{"name":"mine"}');
    writeFileSync(join(cwd, '.gitignore'), 'dist');
    await coach(['init'], { cwd });
    expect(readFileSync(join(cwd, 'package.json'), 'utf8')).toBe('{"name":"mine"}');
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('dist\n.coach/\n');
  });

  it('keeps data out of git wherever it lies', async () => {
    const cwd = emptyFolder();
    await coach(['init', '--data', 'store'], { cwd });
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('node_modules/\n.coach/\nstore/\n');
    expect(JSON.parse(readFileSync(join(cwd, 'coach.config.json'), 'utf8'))).toMatchObject({ data: 'store' });
  });

  it('is enough for "coach doctor" to look at', async () => {
    const cwd = emptyFolder();
    await coach(['init'], { cwd });
    const { checks } = await coachJson<{ checks: { name: string; ok: boolean }[] }>(['doctor'], { cwd });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['publicUrl']);
  });

  it('adds an operator where an import made the keys', async () => {
    const cwd = emptyFolder();
    await coach(['token', '--athlete', 'ann'], { cwd });
    const keyPath = join(cwd, '.coach/data/keys.json');
    const before = JSON.parse(readFileSync(keyPath, 'utf8'));
    const { adminKey } = await coachJson<{ adminKey: string | null }>(['init'], { cwd });
    expect(adminKey).toMatch(/^chk_/);
    expect(JSON.parse(readFileSync(keyPath, 'utf8'))).toEqual({
      ...before,
      operatorKeys: [expect.stringMatching(/^admin:[0-9a-f]{64}$/)],
    });
    expect(modeOf(keyPath)).toBe('600');
  });
});

describe('a data folder whose key file is gone', () => {
  it('is not opened with new keys behind the operator’s back', async () => {
    const cwd = emptyFolder();
    await coach(['db', 'migrate'], { cwd });
    const { rmSync } = await import('node:fs');
    rmSync(join(cwd, '.coach/data/keys.json'));
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
