import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT_MEANING } from './command/exit-code.ts';
import { coach, emptyFolder, startCoach } from './testing/coach.test-support.ts';
import { runFile } from './testing/run-file.test-support.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const manifest = JSON.parse(readFileSync(fileURLToPath(new URL('../oclif.manifest.json', import.meta.url)), 'utf8'));

/** The commands of the example, without what is said about them. */
function exampleLines(): string[][] {
  const block = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(' '));
}

async function play(words: string[], cwd: string): Promise<{ code: number | null; stdout: string }> {
  const env = { COACH_PORT: '0' };
  if (words.join(' ') !== 'serve') return coach(words, { cwd, env });
  const running = startCoach(words, { cwd, env });
  await running.says('Ctrl-C stops it.');
  return running.stop('SIGINT');
}

describe('the README', () => {
  it('has an example that runs as it stands', async () => {
    let cwd = emptyFolder();
    writeFileSync(join(cwd, 'run.fit'), runFile());
    let id = '';
    for (const [program, ...words] of exampleLines()) {
      if (program === 'cd') {
        cwd = resolve(cwd, words[0] ?? '');
        continue;
      }
      const { code, stdout } = await play(
        words.map((word) => (word === 'act_5f0c' ? id : word)),
        cwd,
      );
      expect({ command: words.join(' '), code }).toEqual({ command: words.join(' '), code: 0 });
      id = /act_\w+/.exec(stdout)?.[0] ?? id;
    }
  }, 240_000);

  it('lists the exit codes that the help lists', () => {
    const rows = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    expect(rows).toEqual(EXIT_MEANING);
  });

  it('names every command', () => {
    const names = Object.keys(manifest.commands).map((id) => id.replaceAll(':', ' '));
    expect(names.filter((name) => name !== 'help' && !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
  });
});
