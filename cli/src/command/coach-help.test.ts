import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core/config';
import { beforeAll, describe, expect, it } from 'vitest';
import CoachHelp from './coach-help.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let config: Config;
beforeAll(async () => {
  config = await Config.load(ROOT);
});

/** Help as it is printed on a terminal of 80 columns. */
async function help(...words: string[]): Promise<string> {
  const printed: string[] = [];
  class Printed extends CoachHelp {
    protected override log(...texts: string[]): void {
      printed.push(...texts);
    }
  }
  await new Printed(config, { maxWidth: 80, stripAnsi: true }).showHelp(words);
  return printed.join('\n');
}

describe('the help', () => {
  it('of every command fits into 80 columns, and its usage names each flag whole', async () => {
    const texts = await Promise.all([...config.commandIDs, ''].map((id) => help(...id.split(':'))));
    const lines = texts.flatMap((text) => text.split('\n'));
    const usage = texts.flatMap((text) => /USAGE\n([\s\S]*?)\n\n/.exec(text)?.[1]?.split('\n') ?? []);
    expect(lines.length).toBeGreaterThan(200);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(usage.filter((line) => / \| \]/.test(line) || line.split('[').length !== line.split(']').length)).toEqual(
      [],
    );
  });

  it('of a command with several arguments and flags reads as it is typed', async () => {
    expect(await help('explain')).toContain(
      `USAGE\n  $ coach explain KIND ID --athlete ID [--json] [--data DIR]\n    [--db URL] [--plugin PATH...]\n`,
    );
  });
});
