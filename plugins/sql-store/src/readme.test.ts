import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildForChild } from './child-build.test-support.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';

const run = promisify(execFile);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('runs as it stands', async () => {
    const text = /```ts\n(.*?)```/s.exec(readme)![1]!;
    const { stdout } = await run(process.execPath, [await buildForChild({ text })], { cwd: temporaryFolder() });
    expect(stdout).toBe('Europe/Berlin\n');
  });
});

describe('a program that started the queue', () => {
  it('is not kept alive by it', async () => {
    const text = readme
      .split('```ts\n')[1]!
      .split('```')[0]!
      .replace('{ store, close }', '{ store, queue }')
      .replace(
        'await close();',
        'queue.start({ later: async () => undefined }); await queue.idle(); console.log("end");',
      );
    const { stdout } = await run(process.execPath, [await buildForChild({ text })], { cwd: temporaryFolder() });
    expect(stdout).toContain('end');
  });
});
