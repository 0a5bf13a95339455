/** Every `coach …` command that an error text or a page names can be typed: it is a file of cli/src/commands. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

function tracked(...patterns) {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\n'))].filter((path) => path !== '' && existsSync(join(root, path)));
}

/** `doctor`, `inbox replay` …, and the topics that group them. */
const commands = new Set(
  tracked('cli/src/commands/*.ts', 'cli/src/commands/**/*.ts')
    .filter((path) => !/\.test(-support)?\.ts$/.test(path))
    .map((path) => path.replace(/^cli\/src\/commands\/|\.ts$/g, '').replaceAll('/', ' ')),
);
const topics = new Set([...commands].filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]));

/** A name in quotes or backticks, or the line of a shell example. */
const NAMED = /(?:["`]|^\s*)(?:npx )?coach ([a-z]+)(?: ([a-z]+))?(?![\w:])/gm;

/** What a text names that is no command. A word after a whole command is an argument (`coach fake garmin`). */
function unknownIn(text) {
  return [...text.matchAll(NAMED)]
    .map(([, first, second]) => (topics.has(first) ? `${first} ${second ?? ''}`.trim() : first))
    .filter((name) => !commands.has(name));
}

describe('the commands that a text names', () => {
  it.each([
    ['Run "coach inbox replay" again.', []],
    ['`coach fake garmin` and `coach serve --demo`, then\nnpx coach explain activity ID', []],
    ['"coach connect stride --athlete ID" or "coach engines list"', ['connect', 'engines']],
    ['`coach plugin check` and "coach inbox"', ['plugin check', 'inbox']],
    ['The "coach hub" and a coach with words of their own', ['hub']],
  ])('are found in %j', (text, unknown) => {
    expect(unknownIn(text)).toEqual(unknown);
  });

  const sources = tracked('core/src/*.ts', 'core/src/**/*.ts').filter((path) => !/\.test(-support)?\.ts$/.test(path));
  const pages = tracked('docs/*.md', 'docs/**/*.md', 'README.md', 'cli/README.md').filter((path) =>
    /^(docs\/|README\.md$|cli\/README\.md$)/.test(path),
  );

  it('exist, in every source of core and on every page', () => {
    expect([sources.length > 100, pages.length > 4, commands.has('inbox replay')]).toEqual([true, true, true]);
    const unknown = [...sources, ...pages].flatMap((path) =>
      unknownIn(readFileSync(join(root, path), 'utf8')).map((name) => `${path}: coach ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
