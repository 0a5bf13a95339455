import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newDatabase, type OwnDatabase, serverUrl } from '@coach-hub/plugin-sql-store/own-databases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coach, type Ended, startCoach } from '../testing/coach.test-support.ts';
import { type PreparedProject, preparedProject } from '../testing/prepared-project.test-support.ts';

interface Manifest {
  commands: { [id: string]: { examples?: string[]; summary?: string; flags: { [name: string]: unknown } } };
}

const { commands } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../oclif.manifest.json', import.meta.url)), 'utf8'),
) as Manifest;
const examples = Object.entries(commands).flatMap(([id, { examples: lines = [] }]) =>
  lines.map((line) => line.replace('<%= config.bin %> <%= command.id %>', id.replaceAll(':', ' '))),
);
/** Those of the demo are played whole by demo.test.ts. */
const PLAYED_ELSEWHERE = /--demo/;

const server = await serverUrl();
/** What no example can be tried with on this machine. */
const WITHOUT_POSTGRES = server === null ? /postgres:/ : /^$/;

/** Commands that go on until somebody stops them. */
const RUNS_ON = /^(?:serve|fake)\b/;
/** The project has no address for providers, which "doctor" says, and its dead letters are nonsense for ever. */
const EXPECTED_CODE: readonly (readonly [RegExp, number])[] = [
  [/^doctor/, 1],
  // Nothing was rotated there, so there is no such key.
  [/^keys drop/, 1],
  [/^inbox replay (?:--dry-run|12 13)/, 2],
];

/** Words of an example, with what stands for something of the reader's own put in. */
function wordsOf(example: string, { objectId, provider }: PreparedProject): string[] {
  return example.split(' ').flatMap((word) => {
    if (word.startsWith('postgres:')) return [database?.url ?? word];
    if (word === 'act_5f0c') return [objectId];
    if (word === '12' || word === '13') return [String(Number(word) - 11)];
    if (word === '8080' || word === '9000') return ['0'];
    return [word.replaceAll('NAME', provider)];
  });
}

async function runToItsEnd(example: string, project: PreparedProject): Promise<Ended> {
  const { cwd, env } = project;
  const words = wordsOf(example, project);
  if (!RUNS_ON.test(example)) return coach(words, { cwd, env });
  const running = startCoach(words, { cwd, env });
  await running.says('Ctrl-C stops it.');
  return running.stop('SIGINT');
}

let project: PreparedProject;
let database: OwnDatabase | undefined;
beforeAll(async () => {
  project = await preparedProject();
  database = server === null ? undefined : await newDatabase(server);
});
afterAll(() => database?.drop());

describe('every example of the help', () => {
  it.each(examples.filter((example) => !PLAYED_ELSEWHERE.test(example) && !WITHOUT_POSTGRES.test(example)))(
    'coach %s',
    async (example) => {
      const { code, stderr } = await runToItsEnd(example, project);
      const expected = EXPECTED_CODE.find(([pattern]) => pattern.test(example))?.[1] ?? 0;
      expect({ code, stderr: code === expected ? '' : stderr }).toEqual({ code: expected, stderr: '' });
    },
  );
});

describe('every command', () => {
  it.each(Object.entries(commands))(
    '%s has a summary, examples and --json',
    (id, { summary, examples: lines = [], flags }) => {
      expect({ summary: typeof summary, hasExamples: lines.length > 0 }).toEqual({
        summary: 'string',
        hasExamples: true,
      });
      if (id !== 'help') expect(Object.keys(flags)).toContain('json');
    },
  );
});

/** A command that has the flag and leaves it aside would work on the wrong data. */
describe('every command that takes --db', () => {
  const first = Object.entries(commands)
    .filter(([id, { flags }]) => 'db' in flags && id !== 'db:backup')
    .map(([id]) => id.replaceAll(':', ' '))
    .map((name) => [name, examples.find((line) => line === name || line.startsWith(`${name} `))] as const);

  it.each(first)('%s opens that database', async (_id, example) => {
    const { cwd, env } = project;
    const words = wordsOf(example!, project).filter((word) => !word.startsWith('postgres:') && word !== '--db');
    const { code, stderr } = await coach([...words, '--db', 'postgres://127.0.0.1:1/none'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('code  busy') });
  });
});
